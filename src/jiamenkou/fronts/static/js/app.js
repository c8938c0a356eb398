// What a page cannot do without a script; every page works without this file, only with more steps.
// Behaviour hangs on data- attributes, so no page carries a script of its own.
"use strict";

const find = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const meta = (name) => find(`meta[name="${name}"]`)?.content;
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

// ---- htmx: the token of this page goes with every request
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = meta("csrf-token") ?? "";
});

// ---- dialogs: data-open="id" opens, data-close closes; a popover (not modal) also closes on a press elsewhere
function open(opener, event) {
  const dialog = document.getElementById(opener.dataset.open);
  if (!dialog?.showModal) return;
  event.preventDefault();
  if (dialog.open) return void dialog.close();
  dialog.opener = opener;
  opener.setAttribute("aria-expanded", "true");
  if (dialog.classList.contains("popover")) dialog.show();
  else dialog.showModal();
}

document.addEventListener("close", (event) => {
  event.target.opener?.setAttribute("aria-expanded", "false");
  event.target.opener?.focus();
}, true);

document.addEventListener("click", (event) => {
  for (const popover of all("dialog.popover[open]")) {
    if (!popover.contains(event.target) && !popover.opener?.contains(event.target)) popover.close();
  }
  const opener = event.target.closest("[data-open]");
  if (opener) return open(opener, event);
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.closest("[data-away]")) event.target.closest(".toast").remove();
  if (event.target.matches("dialog.sheet")) event.target.close(); // the veil belongs to the dialog itself
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
  if (event.target.closest("[data-print]")) window.print();
  const step = event.target.closest("[data-step]");
  if (step) count(step);
  const head = event.target.closest("[data-pick-all]");
  if (head) pickAll(head);
  if (event.target.matches("[data-pick-none]")) pickNone();
});

// ---- copying a text: data-copy="text" or data-copy-from="id"; the answer is read out
async function copy(button) {
  const text = button.dataset.copy || document.getElementById(button.dataset.copyFrom)?.innerText || "";
  await navigator.clipboard.writeText(text);
  const word = find("span", button);
  const was = word.textContent;
  word.textContent = button.dataset.done;
  setTimeout(() => { word.textContent = was; }, 2000);
}

// ---- number steppers
function count(button) {
  const input = find("input", button.closest(".stepper"));
  if (Number(button.dataset.step) > 0) input.stepUp();
  else input.stepDown();
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

// ---- digits: one real input, boxes above it show what it holds
function showDigits(entry) {
  const input = find("input", entry);
  input.value = input.value.replace(/\D/g, "").slice(0, input.maxLength);
  const boxes = all("i", entry);
  boxes.forEach((box, at) => {
    box.textContent = input.value[at] ?? "";
    box.classList.toggle("next", at === Math.min(input.value.length, boxes.length - 1));
  });
}

document.addEventListener("input", (event) => {
  const entry = event.target.closest(".code.entry");
  if (!entry) return;
  showDigits(entry);
  const { value, maxLength, form } = event.target;
  if (value.length === maxLength && entry.hasAttribute("data-send") && form.reportValidity()) form.requestSubmit();
});

// ---- a change that sends its form at once (language, 长辈版), and one that is sent only once
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-send-on-change]")) event.target.form.requestSubmit();
  if (event.target.matches(".pick")) countPicked();
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return void event.preventDefault();
  if (form.method !== "post" || form.matches("[hx-post]")) return;
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 5000); // the answer may be a file: the page stays
});
window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

// ---- lists on the desk: j k move, Enter opens, x picks, the bulk bar shows how many
const rows = () => all("[data-row]");
const picks = () => all(".pick");

function countPicked() {
  const number = picks().filter((pick) => pick.checked).length;
  for (const bar of all(".bulk")) {
    bar.hidden = number === 0;
    all("[data-picked]", bar).forEach((place) => { place.textContent = number; });
  }
}
function pickAll(head) {
  picks().forEach((pick) => { pick.checked = head.checked; });
  countPicked();
}
function pickNone() {
  all(".pick, [data-pick-all]").forEach((pick) => { pick.checked = false; });
  countPicked();
}
function move(by) {
  const list = rows();
  if (!list.length) return;
  const at = list.indexOf(document.activeElement.closest?.("[data-row]"));
  const next = list[Math.max(0, Math.min(list.length - 1, at + by))];
  next.focus();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  Enter: (row) => find("a[href]", row)?.click(),
  x: (row) => find(".pick", row)?.click(),
  d: (row) => find("[data-next]", row)?.click(),
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    const search = find("[data-search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
    return;
  }
  if (event.key === "Escape") {
    const popover = find("dialog.popover[open]");
    if (popover) return popover.close();
    if (picks().some((pick) => pick.checked)) pickNone();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const byKey = find(`[data-key="${CSS.escape(event.key)}"]`);
  if (byKey) { event.preventDefault(); return byKey.click(); }
  const row = event.target.closest("[data-row]");
  if (event.key === "Enter" && event.target !== row) return;
  if (event.key in keys && (row || "jk".includes(event.key))) { event.preventDefault(); keys[event.key](row); }
});

// ---- a pickup code keeps the screen awake while it is looked at
async function stayAwake() {
  if (!find("[data-awake]") || document.visibilityState !== "visible") return;
  try { await navigator.wakeLock?.request("screen"); } catch { /* battery saver: the code is still there */ }
}
document.addEventListener("visibilitychange", stayAwake);

// ---- a desk page keeps its session while someone works in it: <body data-alive="address">
let lastWork = Date.now();
for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, () => { lastWork = Date.now(); });
const alive = document.body.dataset.alive;
const FIVE_MINUTES = 300000;
if (alive) {
  setInterval(() => {
    if (Date.now() - lastWork > FIVE_MINUTES) return;
    fetch(alive, { method: "POST", headers: { "X-CSRFToken": meta("csrf-token") ?? "" } });
  }, FIVE_MINUTES);
}

function settle() {
  all(".code.entry").forEach((entry) => { entry.classList.remove("plain"); showDigits(entry); });
  countPicked();
  stayAwake();
  all("[data-hide-after]").forEach(hideLater);
}
// a full number is shown for as long as its page says, then its words are gone
function hideLater(shown) {
  const seconds = Number(shown.dataset.hideAfter);
  delete shown.dataset.hideAfter;
  setTimeout(() => { shown.textContent = ""; }, seconds * 1000);
}
// what the server refused has its sentence too
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([400, 409, 422, 429].includes(event.detail.xhr.status)) Object.assign(event.detail, { shouldSwap: true, isError: false });
});
document.addEventListener("htmx:afterSettle", settle);
settle();
find("[data-open-now]")?.click();

// ---- signing out: databases named session-… are readable copies of this sign-in and go with it
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/signin/out/" || !indexedDB.databases) return;
  event.preventDefault();
  const mine = (await indexedDB.databases()).filter(({ name }) => name.startsWith("session-"));
  const gone = ({ name }) => new Promise((done) => {
    const asked = indexedDB.deleteDatabase(name);
    asked.onsuccess = asked.onerror = done;
  });
  const patience = new Promise((done) => setTimeout(done, 2000));
  await Promise.race([Promise.all(mine.map(gone)), patience]);
  form.submit();
});

// ---- groups of the sidebar that are not used stay folded in this browser; where one stands is always open
const FOLDED = "folded-groups";
const folded = () => new Set(JSON.parse(localStorage.getItem(FOLDED) ?? "[]"));

function foldGroups() {
  const kept = folded();
  for (const group of all("details[data-fold]")) {
    if (kept.has(group.dataset.fold) && !find("[aria-current]", group)) group.open = false;
  }
}

document.addEventListener("toggle", (event) => {
  const name = event.target.dataset?.fold;
  if (!name) return;
  const kept = folded();
  if (event.target.open) kept.delete(name);
  else kept.add(name);
  localStorage.setItem(FOLDED, JSON.stringify([...kept]));
}, true);

foldGroups();
