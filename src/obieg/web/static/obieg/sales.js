// The invoice's form and the list of sales by keyboard. Everything here is comfort: without it
// the same forms and links work.
import { forget, isUnsaved, keep, settle, touch } from "./autosave.js";
import { isTyping } from "./page.js";

const form = document.getElementById("invoice");
const body = () => document.getElementById("invoice-body");

const rowOf = (element) => element?.closest?.(".row-of");
const nextRow = (row) => (row.nextElementSibling?.matches(".row-of") ? row.nextElementSibling : null);
const fieldsOf = (row) =>
  [...row.querySelectorAll("input:not([type=hidden]):not(.opens), select, textarea")].filter(
    (field) => field.offsetParent !== null,
  );

/** A fresh row after `row` (or at the end of `rows`), under a number that nobody has. */
function addRow(rows, row) {
  const template = rows.querySelector("template");
  if (!template) return null;
  const numbers = [...rows.querySelectorAll("[name]")].map((field) =>
    Number(field.name.slice(rows.dataset.rows.length + 1).split("-")[0]),
  );
  const number = String(Math.max(-1, ...numbers.filter(Number.isInteger)) + 1);
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__nr__", number);
  const fresh = holder.content.querySelector(".row-of");
  const table = rows.querySelector("table");
  if (row) row.after(fresh);
  else if (table) table.append(fresh);
  else template.before(fresh);
  renumber(rows);
  return fresh;
}

function renumber(rows) {
  rows.querySelectorAll(".line-of td.nr").forEach((cell, index) => (cell.textContent = index + 1));
}

/** The same row again, below it; what belongs to one row only is not repeated. */
function repeatRow(row) {
  const rows = row.closest("[data-rows]");
  const fresh = addRow(rows, row);
  if (!fresh) return;
  const from = new Map([...row.querySelectorAll("[name]")].map((field) => [tailOf(field), field]));
  for (const field of fresh.querySelectorAll("[name]")) {
    const source = from.get(tailOf(field));
    if (!source || tailOf(field) === "rest") continue;
    if (field.type === "checkbox") field.checked = source.checked;
    else field.value = source.value;
  }
  fieldsOf(fresh)[0]?.focus();
  changed();
}

/** An emptied row is no row; the last one stays to be typed into. */
function removeRow(row) {
  const rows = row.closest("[data-rows]");
  const neighbour = nextRow(row) ?? row.previousElementSibling;
  row.remove();
  if (!rows.querySelector(".row-of")) addRow(rows, null);
  renumber(rows);
  const next = neighbour?.matches(".row-of") ? neighbour : rows.querySelector(".row-of");
  fieldsOf(next)[0]?.focus();
  changed();
}

/** Enter: the next field of the row; after the last one the next row, made where there is none. */
function stepOn(field) {
  const row = rowOf(field);
  const fields = fieldsOf(row);
  const following = fields[fields.indexOf(field) + 1];
  if (following) return enter(following);
  const rows = row.closest("[data-rows]");
  const next = nextRow(row) ?? addRow(rows, row);
  if (next) enter(fieldsOf(next)[0]);
}

function enter(field) {
  field?.focus();
  field?.select?.();
}

const tailOf = (field) => field.name.split("-").slice(2).join("-");
const PRICING = new Set(["quantity", "price", "rebate"]);

/** A new price or quantity takes back the amounts that were given for the old one. */
function priceAnew(field) {
  const row = rowOf(field);
  if (!row || !PRICING.has(tailOf(field))) return;
  const of = (name) => [...row.querySelectorAll("[name]")].find((one) => tailOf(one) === name);
  if (!of("price")?.value || !of("quantity")?.value) return;
  for (const name of ["amount", "tax"]) if (of(name)) of(name).value = "";
}

let waiting = 0;
function changed() {
  touch(form);
  recount();
}

function recount() {
  clearTimeout(waiting);
  waiting = setTimeout(askTotals, 350);
}

let asking = null;
async function askTotals() {
  asking?.abort();
  asking = new AbortController();
  const answer = await fetch(form.dataset.totals, {
    method: "POST",
    body: new FormData(form),
    signal: asking.signal,
  }).catch(() => null);
  if (!answer?.ok) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  for (const part of holder.content.children) {
    const place = document.getElementById(part.id);
    if (!place) continue;
    part.removeAttribute("hx-swap-oob");
    place.replaceWith(part.cloneNode(true));
  }
}

/** Save or issue; the page keeps its place and the cursor. */
async function send(act) {
  clearTimeout(waiting);
  asking?.abort();
  await settle();
  const button = form.querySelector(`[data-key=${act}]`);
  const values = new FormData(form);
  values.set("act", button.value);
  button.disabled = true;
  const address = location.pathname.endsWith("/edycja/") ? location.pathname : form.getAttribute("action");
  const asked = htmx.ajax("POST", address, { source: form, target: body(), swap: "innerHTML", values });
  asked.catch(() => {}).finally(() => {
    button.disabled = false;
    form.querySelector("#findings [autofocus]")?.focus();
  });
}

// The buyer: contractors that match, chosen by arrows and Enter.
let searching = null;
async function offerBuyers(words) {
  const list = document.getElementById("buyers");
  if (!list) return;
  searching?.abort();
  if (!words.trim()) return void (list.hidden = true);
  searching = new AbortController();
  const address = `${form.dataset.buyers}?szukaj=${encodeURIComponent(words)}`;
  const answer = await fetch(address, { signal: searching.signal }).catch(() => null);
  if (!answer?.ok) return;
  list.innerHTML = await answer.text();
  list.hidden = false;
}

async function pick(option) {
  const answer = await fetch(option.dataset.pick);
  if (!answer.ok) return;
  const place = document.getElementById("buyer");
  place.innerHTML = await answer.text();
  const due = place.querySelector("[data-fill]");
  const field = due && form.querySelector(`[name="${due.dataset.fill}"]`);
  if (field) field.value = due.value;
  changed();
  enter(form.querySelector('[name^="lines-"][name$="-description"]'));
}

function moveInList(list, step) {
  const options = [...list.querySelectorAll("[role=option]")];
  const index = options.findIndex((option) => option.ariaSelected === "true");
  for (const option of options) option.ariaSelected = "false";
  const next = options[(index + step + options.length) % options.length];
  if (next) next.ariaSelected = "true";
  next?.scrollIntoView({ block: "nearest" });
}

function inBuyers(event) {
  const list = document.getElementById("buyers");
  if (event.target.name !== "buyer__name" || !list || list.hidden) return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    moveInList(list, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    const chosen = list.querySelector("[aria-selected=true]") ?? list.querySelector("[role=option]");
    list.hidden = true;
    if (chosen) pick(chosen);
  } else if (event.key === "Escape") {
    list.hidden = true;
  } else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function inForm(event) {
  if (inBuyers(event)) return;
  const row = rowOf(event.target);
  const isLine = row && event.target.closest("#invoice");
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "Enter") return act(event, () => send("issue"));
    if (event.key.toLowerCase() === "s") return act(event, () => send("save"));
    if (isLine && event.key.toLowerCase() === "d") return act(event, () => repeatRow(row));
    if (isLine && event.key === "Delete") return act(event, () => removeRow(row));
    const opens = row?.querySelector(".opens");
    if (opens && event.key === "ArrowDown") return act(event, () => openMore(row, opens));
    return;
  }
  if (event.key !== "Enter" || event.altKey || event.shiftKey) return;
  const field = event.target;
  if (!field.matches("input, select")) return; // buttons and texts of several lines keep theirs
  if (isLine) return act(event, () => stepOn(field));
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(
    (other) => other.offsetParent !== null && other.tabIndex >= 0,
  );
  act(event, () => enter(fields[fields.indexOf(field) + 1]));
}

function openMore(row, opens) {
  opens.checked = !opens.checked;
  if (opens.checked) enter(row.querySelector(".line-more input, .line-more select"));
}

function act(event, what) {
  event.preventDefault();
  what();
}

if (form) {
  form.addEventListener("keydown", inForm);
  form.addEventListener("input", (event) => {
    priceAnew(event.target);
    changed();
    if (event.target.name === "buyer__name") offerBuyers(event.target.value);
    const row = rowOf(event.target);
    if (row && !nextRow(row) && event.target.value) {
      const rows = row.closest("[data-rows]");
      if (rows.querySelector("template")) addRow(rows, row);
    }
  });
  form.addEventListener("change", recount);
  form.addEventListener("click", (event) => {
    const adding = event.target.closest("[data-add]");
    if (adding) return enter(fieldsOf(addRow(adding.closest("[data-rows]"), null))[0]);
    const removal = event.target.closest("[data-remove]");
    if (removal) return removeRow(rowOf(removal));
    const option = event.target.closest("[data-pick]");
    if (option) return act(event, () => pick(option));
  });
  form.addEventListener("focusout", (event) => {
    if (event.target.matches("input, select, textarea")) keep(form);
    const list = document.getElementById("buyers");
    if (list && event.target.name === "buyer__name") setTimeout(() => (list.hidden = true), 200);
  });
  form.addEventListener("submit", (event) => {
    if (!event.submitter?.dataset.key) return forget();
    event.preventDefault();
    send(event.submitter.dataset.key);
  });
  addEventListener("beforeunload", (event) => {
    if (isUnsaved()) event.preventDefault();
  });
  if (location.pathname.endsWith("/nowa/")) enter(form.querySelector("[name=buyer__name]"));
}

// The list: totals of what is ticked, all at once, keys of the operations.
const list = document.getElementById("sales-list");

const money = (grosze) =>
  new Intl.NumberFormat("pl-PL", { minimumFractionDigits: 2 }).format(grosze / 100);

function tellChosen() {
  const ticks = [...list.querySelectorAll("input[name=chosen]:checked")];
  const sums = new Map();
  for (const { dataset } of ticks) {
    const [net, tax, gross] = sums.get(dataset.currency) ?? [0, 0, 0];
    const read = (text) => Math.round(Number(text) * 100);
    sums.set(dataset.currency, [
      net + read(dataset.net),
      tax + read(dataset.tax),
      gross + read(dataset.gross),
    ]);
  }
  const parts = [...sums].map(
    ([currency, [net, tax, gross]]) =>
      `netto ${money(net)}, VAT ${money(tax)}, brutto ${money(gross)} ${currency}`,
  );
  const told = document.getElementById("chosen-sums");
  told.textContent = ticks.length ? `Zaznaczone: ${ticks.length} · ${parts.join(" · ")}` : "";
  for (const button of list.querySelectorAll("[data-needs-chosen]")) button.disabled = !ticks.length;
}

if (list) {
  list.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]"))
      for (const tick of list.querySelectorAll("input[name=chosen]"))
        tick.checked = event.target.checked;
    tellChosen();
  });
  addEventListener("pageshow", tellChosen);
  tellChosen();
}

// Keys of a page: an element with data-press is clicked by its key.
document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  if (event.key === "?" && document.getElementById("keys")) {
    event.preventDefault();
    return document.getElementById("keys").togglePopover();
  }
  const pressed = document.querySelector(`[data-press="${CSS.escape(event.key)}"]:not(:disabled)`);
  if (!pressed) return;
  event.preventDefault();
  if (pressed.matches("details")) pressed.open = !pressed.open;
  else pressed.click();
});
