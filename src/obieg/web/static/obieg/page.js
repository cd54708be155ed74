import "./days.js";

// Every page: lost answers are told, `/` finds the search field, the look changes without a reload.
const notices = () => document.getElementById("notices");

function tellLostAnswer() {
  const words = document.getElementById("lost-answer");
  if (words) notices().replaceChildren(words.content.cloneNode(true));
}

document.addEventListener("htmx:sendError", tellLostAnswer);
document.addEventListener("htmx:timeout", tellLostAnswer);
document.addEventListener("htmx:responseError", tellLostAnswer);

/** Whether the key belongs to a field that is being filled in. */
export function isTyping(event) {
  const field = event.target.closest?.("input, select, textarea, [contenteditable]");
  return Boolean(field) && field.type !== "checkbox" && field.type !== "radio";
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isTyping(event)) return event.target.blur();
  if (event.key !== "/" || isTyping(event) || event.ctrlKey || event.metaKey) return;
  const field =
    document.querySelector("main [type=search]") ?? document.querySelector("[type=search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});

document.querySelector("form.themes")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const body = new FormData(form, event.submitter);
  document.documentElement.dataset.theme = event.submitter.value;
  for (const button of form.querySelectorAll("button[name=theme]"))
    button.setAttribute("aria-pressed", String(button === event.submitter));
  fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
});

for (const field of document.querySelectorAll("[data-submit-on-change]"))
  field.addEventListener("change", () => field.form.requestSubmit());

// A letter shown in a button of a page presses it; the queue has keys of its own.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event)) return;
  const button = document.querySelector(`main [data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// A button that copies the text of a field; where the browser's clipboard is closed, it selects it.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.querySelector(button.dataset.copy);
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Skopiowano";
    } catch {
      button.textContent = "Zaznaczono: naciśnij Ctrl+C";
    }
    setTimeout(() => (button.textContent = words), 4000);
  });
}
