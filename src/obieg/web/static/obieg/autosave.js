// A draft that saves itself: after a rest and on leaving a field, one request at a time, so that
// a new invoice becomes one draft only. Without it the buttons save.
const REST = 3_000;
const AGAIN = 15_000; // after an answer that did not come

let changes = 0; // so many were made
let kept = 0; // so many of them are saved
let resting = 0;
let saving = null;
let hurry = false; // a field was left while a request was on its way

const state = () => document.getElementById("draft-state");

/** Something was typed that is not saved. */
export const isUnsaved = () => changes !== kept;

/** Something was typed. */
export function touch(form) {
  changes += 1;
  rest(form, REST);
}

/** What was typed is sent in another way. */
export function forget() {
  clearTimeout(resting);
  kept = changes;
}

/** What is on its way arrives first; then the form itself is sent. */
export async function settle() {
  await saving;
  forget();
}

/** Save what is typed, now. */
export async function keep(form) {
  if (!isUnsaved() || !state()?.dataset.keep) return;
  if (saving) return void (hurry = true);
  clearTimeout(resting);
  hurry = false;
  const upTo = changes;
  saving = ask(form, upTo);
  const answered = await saving;
  saving = null;
  if (!isUnsaved()) return;
  if (!answered) rest(form, AGAIN);
  else if (changes > upTo) rest(form, hurry ? 0 : REST);
}

async function ask(form, upTo) {
  const before = state();
  const values = new FormData(form);
  await htmx
    .ajax("POST", before.dataset.keep, { source: before, target: before, swap: "outerHTML", values })
    .catch(() => {});
  const now = state();
  if (now && now !== before && "kept" in now.dataset) kept = Math.max(kept, upTo);
  return now !== before;
}

function rest(form, delay) {
  clearTimeout(resting);
  resting = setTimeout(() => keep(form), delay);
}
