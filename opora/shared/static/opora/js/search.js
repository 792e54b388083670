// The search box and its hits below: arrows walk, Enter opens the best one, Esc comes back to the text.
// Marked up as form[data-search] with an input and links [data-open] inside [data-rows].

const links = (form) => [...form.querySelectorAll("[data-rows] [data-open]")];
const inputOf = (form) => form.querySelector("input[type=search]");

function step(form, from, by) {
  const all = links(form);
  const at = all.indexOf(from);
  const next = at + by;
  if (next < 0) {
    inputOf(form).focus();
  } else {
    all[Math.min(next, all.length - 1)]?.focus();
    all[Math.min(next, all.length - 1)]?.scrollIntoView({ block: "nearest" });
  }
}

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-search]");
  if (!form || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target === inputOf(form);
  const link = typing ? null : event.target.closest("[data-open]");
  if (!typing && !link) return;
  if (event.code === "ArrowDown" && links(form).length) {
    event.preventDefault();
    step(form, link, 1);
  } else if (event.code === "ArrowUp" && link) {
    event.preventDefault();
    step(form, link, -1);
  } else if (event.code === "KeyN" && link?.dataset.person) {
    // Straight from the list to a new appeal of this person; the rail knows where appeals are taken.
    const intake = document.querySelector('.rail [data-key="N"]');
    if (intake) {
      event.preventDefault();
      location.assign(`${intake.href}?person=${link.dataset.person}`);
    }
  } else if (event.code === "Escape" && link) {
    event.preventDefault();
    inputOf(form).focus();
  } else if (event.code === "Enter" && typing && form.dataset.fresh === inputOf(form).value && links(form).length) {
    event.preventDefault();
    links(form)[0].click();
  }
});

// Hits answer the text that was sent; Enter trusts them only while the text is still the same.
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest?.("form[data-search]");
  if (form) form.dataset.asked = inputOf(form).value;
});
document.addEventListener("htmx:afterSwap", (event) => {
  const form = event.target.closest?.("form[data-search]");
  if (form) form.dataset.fresh = form.dataset.asked ?? "";
});
