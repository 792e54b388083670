// Changing the look without leaving the page: nothing typed is lost. Without this script the form is sent as usual.

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-look]")) return;
  event.preventDefault();
  const { name, value } = event.submitter;
  const choice = new FormData(form);
  choice.set(name, value);
  const answer = await fetch(form.action, { method: "POST", body: choice, headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const look = await answer.json();
  const { dataset } = document.documentElement;
  for (const part of ["theme", "size", "spacing", "colours"]) {
    if (part === "theme" || look.theme === "low-vision") dataset[part] = look[part];
    else delete dataset[part];
  }
  for (const button of document.querySelectorAll("[data-look] button")) button.setAttribute("aria-pressed", String(look[button.name] === button.value));
});
