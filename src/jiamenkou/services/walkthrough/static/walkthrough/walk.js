// A walk where the signal comes and goes: a form waits until the house answers, and keeps its words meanwhile.
// Without this file the pages do the same, only that a form sent into silence has to be sent again by hand.
"use strict";

const waiting = document.querySelectorAll("form[data-waits]");
const ASK = 4000; // milliseconds for an answer
const AGAIN = 5000;

async function answers() {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(ASK) })).ok;
  } catch {
    return false;
  }
}

// ---- words outlive a reload, with the key that makes a second sending harmless; gone once the page after it opens
const place = (form) => `walks:${form.dataset.waits}`;
const words = (form) => [...form.elements].filter((one) => one.name && one.matches("textarea, input:not([type=file], [name=csrfmiddlewaretoken])"));

function keep(form) {
  const kept = words(form).map((one) => (one.matches("[type=radio], [type=checkbox]") ? one.checked : one.value));
  sessionStorage.setItem(place(form), JSON.stringify(kept));
}

function restore(form) {
  const kept = JSON.parse(sessionStorage.getItem(place(form)) ?? "null");
  const fields = words(form);
  if (kept?.length !== fields.length || form.querySelector(".wrong")) return;
  fields.forEach((one, at) => {
    if (one.matches("[type=radio], [type=checkbox]")) one.checked = kept[at];
    else one.value = kept[at];
  });
}

// what was sent is forgotten on the page that follows; on the same page again it did not arrive, and stays
const SENT = "walks:sent";
const sent = sessionStorage.getItem(SENT);
if (sent && ![...waiting].some((form) => place(form) === sent)) sessionStorage.removeItem(sent);
sessionStorage.removeItem(SENT);

// ---- a photo leaves the phone small; one that cannot be drawn here is left to the house, which says what is wrong
const MOST = 300_000; // bytes
const EDGE = 1600; // pixels
const shrinking = new Map();

async function smaller(file) {
  const whole = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  for (let edge = EDGE; ; edge *= 0.75) {
    const scale = Math.min(1, edge / Math.max(whole.width, whole.height));
    canvas.width = Math.round(whole.width * scale);
    canvas.height = Math.round(whole.height * scale);
    canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    if (blob.size <= MOST || edge < 400) return new File([blob], "photo.jpg", { type: "image/jpeg" });
  }
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("form[data-waits] input[type=file]") || !input.files.length || input.files[0].size <= MOST) return;
  shrinking.set(input, smaller(input.files[0]).then((file) => {
    const chosen = new DataTransfer();
    chosen.items.add(file);
    input.files = chosen.files;
  }).catch(() => {}));
});

async function send(form, button) {
  const says = document.getElementById("no-signal");
  form.dataset.held = "yes";
  await Promise.all(shrinking.values());
  for (;;) {
    if (await answers()) break;
    says.hidden = false;
    await new Promise((done) => setTimeout(done, AGAIN));
  }
  says.hidden = true;
  if (button?.name) {
    const pressed = document.createElement("input");
    Object.assign(pressed, { type: "hidden", name: button.name, value: button.value });
    form.append(pressed);
  }
  keep(form);
  sessionStorage.setItem(SENT, place(form));
  form.submit();
}

for (const form of waiting) {
  restore(form);
  form.addEventListener("input", () => keep(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // the guard against a second tap is data-held here: it waits as long as the signal does
    if (!form.dataset.held) send(form, event.submitter);
  });
}
// back from a page that did not open: the form can be sent again
window.addEventListener("pageshow", () => waiting.forEach((form) => delete form.dataset.held));

// ---- how long a step has taken: counted on from what the house said, whatever the phone's clock shows
for (const shown of document.querySelectorAll("[data-minutes]")) {
  const start = performance.now();
  const before = Number(shown.dataset.seconds);
  setInterval(() => {
    const minutes = Math.floor((before + (performance.now() - start) / 1000) / 60);
    shown.textContent = shown.dataset.minutes.replace("0", minutes);
  }, 10_000);
}
