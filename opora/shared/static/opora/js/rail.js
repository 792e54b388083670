// Sections of the rail open and close; the cookie tells the server, so the next page comes as this one was left.

const A_YEAR = 31536000;

function remember() {
  const closed = [...document.querySelectorAll(".rail [data-fold][aria-expanded=false]")].map((button) => button.dataset.fold);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `rail=${encodeURIComponent(closed.join("|"))}; Path=/; Max-Age=${A_YEAR}; SameSite=Lax${secure}`;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".rail [data-fold]");
  if (!button) return;
  const closed = button.closest("section").classList.toggle("closed");
  button.setAttribute("aria-expanded", String(!closed));
  remember();
});
