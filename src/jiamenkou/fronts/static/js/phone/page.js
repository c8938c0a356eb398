// A page that came from the house: it is kept where it says so, what waited is sent, and the strip tells when the signal goes.
import { listen, mark } from "./forms.js";
import * as keeping from "./keeping.js";
import { send, counts } from "./sending.js";
import { say, show, word } from "./strip.js";

const meta = (name) => document.querySelector(`meta[name=${name}]`)?.content ?? "";
const root = document.documentElement;
const came = Date.now();
const tag = meta("phone-tag");
const stays = document.querySelector("main[data-keep]") !== null;
const page = stays && keeping.able ? keeping.taken() : null; // before anybody has touched it
let told = { waiting: 0, refused: 0 };
let ready = Promise.resolve();

const redraw = () => { show({ cut: !navigator.onLine, seen: came, ...told }); mark(); };

async function sendAll() {
  if (!tag) return;
  const { sent, ...rest } = await send(meta("csrf-token"));
  told = rest;
  if (sent.length) say(word("sent") + sent.map(({ label }) => label).join("、"), sent.length === 1 ? sent[0].href : "/me/things/");
}

async function begin() {
  // nothing personal: the page of the store itself is drawn as the person likes it
  localStorage.setItem("phone-modes", ["data-care", "data-dark", "data-light"].filter((name) => root.hasAttribute(name)).join(" "));
  if (!tag && !stays) {
    // a stranger on a page that is not kept leaves nothing; a sign-in that has ended takes its pages with it
    if ((await keeping.session())?.tag) await keeping.forget();
    return;
  }
  if (stays && navigator.serviceWorker && !navigator.serviceWorker.controller) {
    // without a worker the page is as good, only not without signal
    navigator.serviceWorker.register("/offline/worker.js", { scope: "/", updateViaCache: "all" }).catch(() => {});
  }
  await keeping.arrive(tag, meta("csrf-token"));
  await keeping.keep(page);
  await sendAll();
  redraw();
}

addEventListener("offline", redraw);
addEventListener("online", async () => { await ready; await sendAll().catch(() => {}); redraw(); });
listen(() => !navigator.onLine, async () => { told = await counts(); redraw(); });
redraw();
if (keeping.able) {
  ready = begin().catch(() => {}).finally(() => { document.body.dataset.store = "ready"; });
}
