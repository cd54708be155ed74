// The queue by keyboard: the next document is already here, so a decision waits for nothing.
import { isTyping } from "./page.js";

const queue = document.getElementById("queue");
const place = document.getElementById("desk");
const store = document.getElementById("next");
const desk = () => place.querySelector(":scope > .desk");
const row = (id) => document.getElementById(`row-${id}`);
const find = (selector) => desk()?.querySelector(selector);

/** The next document, if it is here; a late answer may have brought another one. */
function waiting() {
  const found = store.querySelector(":scope > .desk");
  return found && found.dataset.id === desk()?.dataset.nextId ? found : null;
}

let arriving = Promise.resolve(); // the answer that brings the next document
let fetching = ""; // its address, while it is under way
let deciding = null; // the answer to a decision, which brings the next document too
let held = null; // a decision made before it arrived; further ones are dropped

/** Mark the row of the document on the desk, and let the address name it. */
function markCurrent() {
  const id = desk()?.dataset.id;
  for (const other of document.querySelectorAll("#rows [aria-current]"))
    other.removeAttribute("aria-current");
  row(id)?.setAttribute("aria-current", "true");
  row(id)?.scrollIntoView({ block: "nearest" });
  const address = new URL(location.href);
  address.searchParams.set("dokument", id || "koniec");
  history.replaceState(history.state, "", address);
}

/** Send a request of its own: one under way never swallows another; failures are told by events. */
function send(verb, address, options) {
  const source = document.createElement("span");
  queue.append(source);
  const answer = htmx.ajax(verb, address, { source, swap: "innerHTML", ...options });
  return answer.catch(() => {}).finally(() => source.remove());
}

/** Fetch what comes after the document on the desk. */
function fetchNext() {
  const address = desk()?.dataset.next;
  if (!address || address === fetching) return;
  store.replaceChildren();
  fetching = address;
  arriving = send("GET", address, { target: "#next" }).finally(() => {
    if (fetching === address) fetching = "";
  });
}

/** Run `act` once the next document is here. */
function whenReady(act) {
  if (held) return;
  if (waiting()) return act();
  held = arriving.then(() => {
    held = null;
    act();
  });
}

function showWaiting() {
  place.replaceChildren(waiting());
  markCurrent();
}

function open(address) {
  if (address) send("GET", address, { target: "#desk" });
}

function next() {
  if (!desk()?.dataset.next) return;
  if (!waiting()) return open(desk().dataset.next);
  showWaiting();
  fetchNext();
}

/** Send a decision; the next document takes the place at once, the answer brings its successor. */
function decide(form, address) {
  const values = new FormData(form);
  const decided = desk();
  const following = waiting();
  if (!following) return send("POST", address, { target: "#desk", values });
  values.set("shown", following.dataset.id);
  values.set("version", following.dataset.version);
  row(decided.dataset.id)?.classList.add("leaving");
  showWaiting();
  const answer = send("POST", address, { target: "#next", values }).finally(() => {
    if (deciding === answer) deciding = null;
    if (!deciding && !waiting()) fetchNext();
  });
  arriving = deciding = answer;
}

/** An answer came to the desk, or beside it: the row is marked, the next document looked up. */
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== place && event.detail.target !== store) return;
  if (event.detail.target === place) {
    row(desk()?.dataset.id)?.classList.remove("leaving");
    markCurrent();
  }
  if (!deciding && !waiting()) fetchNext();
});

/** An answer that never came: nobody knows what was decided, so nothing stays hidden. */
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
  document.addEventListener(failure, () => {
    for (const hidden of document.querySelectorAll("#rows .leaving"))
      hidden.classList.remove("leaving");
  });

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-decision], form[data-undo]")) return;
  event.preventDefault();
  if (form.matches("[data-undo]")) return undo();
  const button = event.submitter;
  const address = button?.getAttribute("formaction") ?? form.getAttribute("action");
  if (!button?.hasAttribute("data-stay")) return whenReady(() => decide(form, address));
  const values = new FormData(form);
  values.set(button.name, button.value);
  send("POST", address, { target: "#desk", values });
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-edit]")) {
    event.preventDefault();
    return edit();
  }
  const link = event.target.closest("#rows a.row-link");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link.getAttribute("href"));
});

for (const field of document.querySelectorAll(".queue-list .filters select, .queue-list .filters [type=search]"))
  field.addEventListener("change", () => field.form.requestSubmit());

const click = (element) => element?.click();
const approve = () => click(find("button.approve"));
const approveMany = () => click(document.getElementById("approve-many"));
const explain = () => document.getElementById("keys").togglePopover();
const alike = () => click(find("a.alike"));
const answer = (number) => click(find(`[data-answer="${number}"]`));
const previous = () => open(desk()?.dataset.previous);

/** What is taken back is the last decision, so its answer is waited for. */
async function undo() {
  await held;
  await deciding;
  const form = document.querySelector("#undo form") ?? find("form[data-undo]");
  if (form) send("POST", form.getAttribute("action"), { target: "#desk", values: new FormData(form) });
}

function edit() {
  const field = find(".line [aria-invalid]") ?? find(".line .form-control");
  field?.focus();
  field?.select();
}

function reject() {
  const panel = find("details.reject");
  if (!panel) return;
  panel.open = true;
  panel.querySelector("input[name=note]").focus();
}

const KEYS = {
  j: next,
  k: previous,
  z: approve,
  e: edit,
  p: edit,
  o: reject,
  u: undo,
  c: undo,
  Z: approveMany,
  g: alike,
  "?": explain,
};

document.addEventListener("keydown", (event) => {
  if (event.repeat) return;
  if (event.ctrlKey && event.key === "Enter") return approve();
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  const act = /^[1-9]$/.test(event.key) ? () => answer(event.key) : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

if (desk()?.dataset.id) fetchNext();
