// The address of a new screen, ready to be copied.

const address = document.getElementById("address");
const copied = document.getElementById("copied");

async function copy() {
  address.select();
  try {
    await navigator.clipboard.writeText(address.value);
    copied.textContent = "Скопировано";
  } catch {
    copied.textContent = "Нажмите Ctrl C";
  }
}

document.getElementById("copy")?.addEventListener("click", copy);
