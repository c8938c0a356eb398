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

async function send(form, button) {
  const says = document.getElementById("no-signal");
  form.dataset.held = "yes";
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
