// Fields of a day: what was typed shortly is written in full; the arrows move it by a day.
// The server reads the same forms (core/days.py) where there is no script.
const WAYS = [
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/,
  /^(?<day>\d\d?)[.,/-](?<month>\d\d?)(?:[.,/-](?<year>\d{4}|\d\d))?\.?$/,
  /^(?<day>\d\d)(?<month>\d\d)(?<year>\d{4}|\d\d)?$/,
];

/** The day that exists, at noon, or null. */
function dayOf(year, month, day) {
  const made = new Date(year, month - 1, day, 12);
  return made.getMonth() === month - 1 && made.getDate() === day ? made : null;
}

/** The day that `text` names, or null; without a year the one nearest to today. */
function readDay(text) {
  const typed = text.replace(/\s/g, "");
  const found = WAYS.map((way) => way.exec(typed)).find(Boolean);
  if (!found) return null;
  const [day, month] = [Number(found.groups.day), Number(found.groups.month)];
  const year = found.groups.year;
  if (year) return dayOf(Number(year) + (year.length === 2 ? 2000 : 0), month, day);
  const now = new Date();
  return [-1, 0, 1]
    .map((shift) => dayOf(now.getFullYear() + shift, month, day))
    .filter(Boolean)
    .reduce((best, one) => (!best || Math.abs(one - now) < Math.abs(best - now) ? one : best), null);
}

function written(day) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(day.getDate())}.${two(day.getMonth() + 1)}.${day.getFullYear()}`;
}

// Before anybody else hears of the change.
document.addEventListener(
  "change",
  ({ target }) => {
    const day = target.matches?.("input[data-day]") && readDay(target.value);
    if (day) target.value = written(day);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("input[data-day]") || event.ctrlKey || event.altKey || event.metaKey) return;
  const shift = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  const day = shift && readDay(field.value);
  if (!day) return;
  event.preventDefault();
  day.setDate(day.getDate() + shift);
  field.value = written(day);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
