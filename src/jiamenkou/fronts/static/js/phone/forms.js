// Forms without signal. <form data-send-later="what it is">: kept, and sent once when there is signal; with signal too it is
// kept until the house has answered. data-once="field …" names what makes it the same thing as one kept before: its
// address and these fields. <form data-waits>: its room has a script that waits by itself. Every other form says at its
// button that it needs signal; data-instead="address" is opened in its place.
import { addressOf } from "./keeping.js";
import { say, word } from "./strip.js";
import * as waiting from "./waiting.js";

let cut = () => !navigator.onLine;
let changed = () => {};

/** ``isCut``: whether this page is without the house now; ``then``: called when something was kept. */
export function listen(isCut, then) {
  cut = isCut;
  changed = then;
  document.addEventListener("submit", submitted, true);
  mark();
  mend();
}

const later = (form) => form.dataset.sendLater !== undefined;
const own = (form) => form.dataset.waits !== undefined;
const posts = (form) => form.getAttribute("method")?.toLowerCase() === "post";

function submitted(event) {
  const { target: form, submitter } = event;
  if (!posts(form) || own(form)) return;
  if (cut()) {
    event.preventDefault();
    event.stopPropagation();
    if (later(form)) keep(form, submitter);
    else if (form.dataset.instead) location.assign(form.dataset.instead);
    else say(word("needs"));
  } else if (later(form) && navigator.serviceWorker?.controller && !form.matches("[hx-post]")) {
    event.preventDefault();
    event.stopPropagation();
    if (!form.dataset.sent) send(form, submitter);
  }
}

function told(form, submitter) {
  const data = new FormData(form, submitter);
  const action = new URL(submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location.href);
  form.dataset.uid ??= crypto.randomUUID();
  const names = form.dataset.once?.split(" ").filter(Boolean);
  const once = names ? [action.pathname, ...names.map((name) => data.get(name))].join(" ") : form.dataset.uid;
  return { label: form.dataset.sendLater, action: addressOf(action), page: addressOf(location.href), once, data };
}

async function keep(form, submitter) {
  try {
    await waiting.add(told(form, submitter));
  } catch (error) {
    return void say(word(error.message === "full" ? "full" : "needs"));
  }
  form.closest("dialog")?.close();
  say(word("kept"));
  changed();
}

/** With signal: the browser sends it as ever, under the number it is kept by in case no answer comes. */
async function send(form, submitter) {
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 5000);
  const fields = [];
  if (submitter?.name) fields.push([submitter.name, submitter.value]);
  const kept = await waiting.add({ ...told(form, submitter), tried: Date.now() }).catch(() => null);
  if (kept) fields.push(["idempotency_key", kept.id]);
  form.querySelectorAll("[data-added]").forEach((input) => input.remove());
  for (const [name, value] of fields) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    input.dataset.added = "";
    form.append(input);
  }
  HTMLFormElement.prototype.submit.call(form);
}

/** Buttons of what needs signal say so, and have their own word again with it. */
export function mark() {
  const off = cut();
  for (const button of document.querySelectorAll("button.button:not([type=button])")) {
    if (!button.form || !posts(button.form) || own(button.form) || later(button.form) || button.form.dataset.instead) continue;
    const place = button.querySelector("span") ?? button;
    if (off && button.dataset.word === undefined && !button.disabled) {
      button.dataset.word = place.textContent;
      place.textContent = word("needsShort");
      button.disabled = true;
    } else if (!off && button.dataset.word !== undefined) {
      place.textContent = button.dataset.word;
      delete button.dataset.word;
      button.disabled = false;
    }
  }
}

/** ?mend=number: what was refused is put back into its form, photos too. */
async function mend() {
  const number = new URLSearchParams(location.search).get("mend");
  const kept = number && (await waiting.mine()).find((form) => form.id === number);
  const form = kept && [...document.forms].find((one) => later(one) && new URL(one.getAttribute("action") ?? "", location.href).pathname === new URL(kept.action, location.href).pathname);
  if (!form) return;
  form.dataset.uid = kept.once;
  for (const [name, value] of kept.fields) put(form.elements.namedItem(name), value);
  form.closest("dialog")?.showModal();
}

function put(field, value) {
  if (!field || field.type === "hidden") return;
  if (typeof value !== "string") {
    const files = new DataTransfer();
    files.items.add(waiting.fileOf(value));
    field.files = files.files;
  } else if (field.type === "checkbox") field.checked = true;
  else field.value = value; // of radio buttons, the one that is chosen
  const change = new Event("change", { bubbles: true });
  (field instanceof RadioNodeList ? field[0] : field).dispatchEvent(change);
}
