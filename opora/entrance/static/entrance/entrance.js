// The sign-in: show the password, say that Caps Lock is on, talk to passkeys. Everything else works without it.

const show = (button) => {
  const input = document.getElementById(button.dataset.shows)
  button.addEventListener('click', () => {
    const hidden = input.type === 'password'
    input.type = hidden ? 'text' : 'password'
    button.setAttribute('aria-pressed', String(hidden))
    input.focus()
  })
}

const watchCaps = (hint) => {
  const look = (event) => { if (event.getModifierState) hint.hidden = !event.getModifierState('CapsLock') }
  document.addEventListener('keydown', look)
  document.addEventListener('keyup', look)
}

const sendWhenFull = (input) => {
  input.addEventListener('input', () => {
    if (/^\d{6}$/.test(input.value.trim())) input.form.requestSubmit()
  })
}

const ids = (element) => ({
  login: element.id, add: element.id, authenticate: element.id,
  credential: element.dataset.credential, passwordless: element.dataset.passwordless, data: element.dataset.options
})

const passkey = (button) => {
  if (!window.PublicKeyCredential) {
    button.disabled = true
    button.title = 'Этот браузер не умеет работать с ключами'
    return
  }
  window.allauth.webauthn.forms[button.dataset.passkey]({ ids: ids(button) })
}

document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  const place = document.querySelector('[data-passkey-trouble]')
  if (place) place.hidden = false
})

document.querySelectorAll('[data-shows]').forEach(show)
document.querySelectorAll('[data-caps]').forEach(watchCaps)
document.querySelectorAll('input[data-code]').forEach(sendWhenFull)
document.querySelectorAll('[data-passkey]').forEach(passkey)
