// The telephone: JsSIP over a websocket of the exchange. The secret of the place lives in this window's memory alone.
// Other pages hear its state and send it «answer», «mute», «expect» (our own call is about to ring: take it at once).

const place = document.getElementById("main");
const tabs = new BroadcastChannel(`opora-phone-${place.dataset.employee}`);
const byId = (id) => document.getElementById(id);
const EXPECT_MS = 20000;
const AGAIN_MS = 5000;
const THERE_MS = 20000;
const KEPT = "opora-phone-kept"; // when this window went in the middle of a talk
const MICROPHONE = {
  NotAllowedError: "Браузер не даёт микрофон. Разрешите его у замка в строке адреса и нажмите кнопку ещё раз. Пока говорите с аппарата.",
  NotFoundError: "Микрофон не найден. Подключите гарнитуру и нажмите кнопку ещё раз. Пока говорите с аппарата.",
  NotReadableError: "Микрофон занят другой программой. Закройте её и нажмите кнопку ещё раз.",
};

let agent = null;
let session = null;
let microphone = null;
let isHeld = false;
let expectedUntil = 0;

const ringing = () => Boolean(session?.isInProgress() && session.direction === "incoming");
const talking = () => Boolean(session?.isEstablished());
const muted = () => Boolean(talking() && session.isMuted().audio);

// As a number is read aloud; a number of another length stands as it came.
const aloud = (user) => user.replace(/^\+?[78](\d{3})(\d{3})(\d\d)(\d\d)$/, "+7 $1 $2-$3-$4");

function say(text, help = "") {
  byId("phone-state").textContent = text;
  byId("phone-help").textContent = help;
  byId("phone-help").hidden = !help;
}

function show() {
  const seen = { answer: ringing(), decline: ringing(), mute: talking(), hold: talking() && !isHeld, resume: talking() && isHeld, hangup: talking() };
  for (const [name, is] of Object.entries(seen)) document.querySelector(`[data-do="${name}"]`).hidden = !is;
  document.querySelector('[data-do="mute"]').setAttribute("aria-pressed", String(muted()));
  byId("phone-call").hidden = !ringing() && !talking();
  byId("phone-keys").hidden = !talking();
  const call = ringing() ? "ringing" : talking() ? "talking" : "none";
  byId("phone-who").textContent = session ? aloud(session.remote_identity.uri.user) : "";
  document.title = `${{ ringing: "Звонит", talking: "Разговор", none: "Телефон" }[call]} · Опора`;
  tabs.postMessage({ kind: "state", call, isMuted: muted(), isThere: Boolean(agent?.isRegistered()) });
}

function answer() {
  if (!ringing()) return;
  session.answer({ mediaStream: microphone, mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
}

function take(incoming) {
  if (incoming.originator !== "remote" || session) {
    incoming.session.terminate({ status_code: 486 });
    return;
  }
  session = incoming.session;
  isHeld = false;
  session.on("peerconnection", ({ peerconnection }) => {
    peerconnection.addEventListener("track", ({ streams, track }) => {
      byId("phone-voice").srcObject = streams[0] ?? new MediaStream([track]);
    });
  });
  for (const event of ["confirmed", "muted", "unmuted"]) session.on(event, show);
  for (const event of ["ended", "failed"]) session.on(event, over);
  show();
  if (performance.now() < expectedUntil) {
    expectedUntil = 0;
    answer();
  }
}

function over() {
  session = null;
  isHeld = false;
  byId("phone-voice").srcObject = null;
  show();
}

function connect({ address, extension, secret }) {
  const host = new URL(address).hostname;
  agent = new window.JsSIP.UA({
    sockets: [new window.JsSIP.WebSocketInterface(address)],
    uri: `sip:${extension}@${host}`,
    password: secret,
    register: true,
    register_expires: 120,
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 15,
  });
  agent.on("registered", () => (say("Телефон готов"), show(), there()));
  agent.on("disconnected", () => (say("Нет связи с АТС, восстанавливаем", "Пока говорите с аппарата."), show()));
  agent.on("registrationFailed", () => (say("АТС не приняла телефон", "Скажите администратору: пароль добавочного не подошёл. Пока говорите с аппарата."), show()));
  agent.on("newRTCSession", take);
  agent.start();
}

// Without this word for two minutes and a half she is taken off the line: nobody would hear it ring.
function there() {
  if (agent?.isRegistered()) fetch(place.dataset.there, { method: "POST", headers: { "X-CSRFToken": place.dataset.token, "HX-Request": "true" } }).catch(() => {});
}

async function hear() {
  try {
    microphone = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    return true;
  } catch (fault) {
    say("Нет микрофона", MICROPHONE[fault.name] ?? "Микрофон не включился. Пока говорите с аппарата.");
    return false;
  }
}

async function start() {
  byId("phone-start").hidden = true;
  if (!navigator.mediaDevices) {
    say("Телефон не включить", "Страница открыта не по https: микрофон недоступен. Пользуйтесь аппаратом.");
    return;
  }
  if (!(await hear())) {
    byId("phone-start").hidden = false;
    return;
  }
  const asked = await fetch(place.dataset.keyAddress, { method: "POST", headers: { "X-CSRFToken": place.dataset.token, "HX-Request": "true" } }).catch(() => null);
  if (asked?.ok) {
    connect(await asked.json());
    return;
  }
  say("Телефон не включён", asked ? "Займите место на странице «Линия» или скажите администратору." : "Нет связи. Попробуем ещё раз.");
  if (asked) byId("phone-start").hidden = false;
  else setTimeout(start, AGAIN_MS);
}

// On hold the citizen hears music: put down alone, he would hear it for ever, so the exchange ends the whole call.
function hangup() {
  if (isHeld) window.htmx.ajax("POST", place.dataset.hangup, { source: document.body, target: "#phone-said", swap: "innerHTML" });
  else session?.terminate();
}

const acts = {
  answer,
  decline: () => session?.terminate({ status_code: 603 }),
  hangup,
  mute: () => talking() && (muted() ? session.unmute({ audio: true }) : session.mute({ audio: true })),
};

tabs.addEventListener("message", ({ data }) => {
  if (data.do === "tell") show();
  else if (data.do === "held") held(data.is);
  else if (data.do === "expect") expectedUntil = performance.now() + EXPECT_MS;
  else acts[data.do]?.();
});
document.addEventListener("click", (event) => {
  const tone = event.target.closest("[data-tone]");
  if (tone && talking()) session.sendDTMF(tone.dataset.tone);
  acts[event.target.closest("[data-do]")?.dataset.do]?.();
});
document.addEventListener("keydown", (event) => {
  if (talking() && /^[0-9*#]$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) session.sendDTMF(event.key);
});
// Whether he is on hold the exchange says: by the answer to this window, or to a page that shows the call.
function held(is) {
  isHeld = is;
  show();
}
document.addEventListener("call-held", (event) => held(event.detail.is));
addEventListener("beforeunload", (event) => session && event.preventDefault());
// A talk outlives the window: the exchange plays music to the citizen, lets this telephone go and rings it anew. Told
// goodbye it would end the talk, so nothing is said to it here.
addEventListener("pagehide", () => {
  if (talking()) {
    sessionStorage.setItem(KEPT, String(Date.now()));
    fetch(place.dataset.keep, { method: "POST", keepalive: true, headers: { "X-CSRFToken": place.dataset.token, "HX-Request": "true" } });
    return;
  }
  session?.terminate();
  agent?.stop();
});
const away = Date.now() - Number(sessionStorage.getItem(KEPT) ?? 0);
sessionStorage.removeItem(KEPT);
if (away < EXPECT_MS) expectedUntil = performance.now() + EXPECT_MS - away;
setInterval(there, THERE_MS);
byId("phone-start").addEventListener("click", start);
if (place.dataset.seat) start();
