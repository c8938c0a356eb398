// The store's own page. At an address that is kept it becomes that page as it was last seen; at another it says that this
// one needs signal; at its own it shows what waits and what is kept. Once the house answers, it gives way to the live page.
import { listen } from "./forms.js";
import * as keeping from "./keeping.js";
import { counts, send } from "./sending.js";
import { clock, show } from "./strip.js";
import * as waiting from "./waiting.js";

const HOME = "/offline/";
const AGAIN = 5000; // between two looks whether the house answers
const LATEST = 90_000; // a worker that was ended does not say that the page has come
const one = (selector) => document.querySelector(selector);
const root = document.documentElement;
const app = one("[data-app]").dataset.app;
const home = location.pathname === HOME;
let page = null;
let sent = []; // what got through while this page was open: {label, href}

function modes(pairs) {
  for (const [name, value] of pairs) root.setAttribute(name, value);
}

// ---- a page as it was last seen

function become() {
  modes(page.modes);
  document.title = page.title;
  document.body.className = page.css;
  const kept = new DOMParser().parseFromString(page.body, "text/html");
  document.body.replaceChildren(...kept.body.childNodes);
  const here = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map((link) => new URL(link.href).pathname));
  for (const href of page.sheets.filter((path) => !here.has(path))) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  }
  document.body.querySelectorAll("dialog[open]").forEach((dialog) => dialog.removeAttribute("open"));
}

function script(src, type = "") {
  document.body.append(Object.assign(document.createElement("script"), { src, type }));
}

async function strip() {
  show({ cut: true, slow: navigator.onLine, seen: page.at, ...(await counts()) });
}

// ---- what waits and what is kept

function drawn(template, fill) {
  const row = one(template).content.firstElementChild.cloneNode(true);
  for (const [selector, text] of Object.entries(fill)) row.querySelector(selector).textContent = text;
  return row;
}

async function drawWaiting() {
  const forms = await waiting.mine();
  const rows = forms.map((form) => {
    const row = drawn(form.problem ? "#refused" : "#waits", { "[data-label]": form.label, "[data-at]": clock(form.at) });
    if (form.problem) {
      const said = row.querySelector("[data-problem]");
      said.textContent = said.dataset[`p${form.problem}`] ?? (form.problem === "unknown" ? said.dataset.unknown : form.problem);
      const mend = row.querySelector("[data-mend]");
      mend.href = `${form.page}${form.page.includes("?") ? "&" : "?"}mend=${form.id}`;
    }
    row.querySelector("[data-remove]").addEventListener("click", async () => {
      if (!confirm(one("[data-app]").dataset.sure)) return;
      await waiting.remove(form.id);
      await drawWaiting();
    });
    return row;
  });
  one("[data-waiting-list]").replaceChildren(...rows);
  one("[data-waiting-part]").hidden = !rows.length;
  const others = await waiting.others();
  one("[data-others]").hidden = !others;
  one("[data-others] [data-count]").textContent = others;
  one("[data-none]").hidden = Boolean(rows.length || others || !home);
}

async function drawKept() {
  const pages = await keeping.list();
  const seen = new Set();
  const rows = [];
  for (const kept of pages) {
    if (seen.has(kept.name)) continue; // the same list under other filters
    seen.add(kept.name);
    const row = drawn("#kept", { "[data-name]": kept.name, "[data-at]": clock(kept.at) });
    row.querySelector("a").href = kept.address;
    rows.push(row);
  }
  one("[data-kept-list]").replaceChildren(...rows);
  one("[data-kept-part]").hidden = !rows.length;
}

async function draw(part) {
  const from = new URLSearchParams(location.search).get("from");
  const mine = from ? (await waiting.mine()).filter((form) => new URL(form.action, location.href).pathname === from) : [];
  let shown = part;
  if (part === "home" && from && !sent.length && !mine.some((form) => form.problem)) shown = mine.length ? "held" : "lost";
  for (const node of document.querySelectorAll("[data-part]")) node.hidden = node.dataset.part !== shown;
  one("[data-sent-list]").replaceChildren(...sent.map(({ label, href }) => {
    const row = drawn("#went", { "[data-label]": label });
    row.querySelector("a").href = href;
    return row;
  }));
  one("[data-sent-part]").hidden = !sent.length;
  await drawWaiting();
  await drawKept();
}

// ---- back to the house

const busy = () => one("dialog[open]") !== null || touched;
let touched = false;
document.addEventListener("input", () => { touched = true; });

/** What the worker did not wait for: "here" once it has come, "none" where nothing is on its way. */
function late() {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return Promise.resolve("none");
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ ask: "late", address: location.pathname + location.search }, [port2]);
  return new Promise((done) => {
    port1.onmessage = ({ data }) => done(data);
    setTimeout(() => done("none"), LATEST);
  });
}

const alive = () => fetch("/healthz", { cache: "no-store" }).then((answer) => answer.ok, () => false);

async function back() {
  if (home) {
    if (navigator.onLine && await alive()) return void await atHome();
  } else if (navigator.onLine && await alive()) {
    if (!busy()) return void location.reload();
    const fresh = one("[data-fresh]");
    if (fresh) fresh.hidden = false;
  }
  setTimeout(back, AGAIN);
}

/** With signal at the store's own address: what waits is sent from here too. */
async function atHome() {
  document.querySelectorAll("[data-signal]").forEach((node) => { node.hidden = true; });
  const answer = await fetch("/about/terms/", { cache: "no-store" });
  const live = new DOMParser().parseFromString(await answer.text(), "text/html");
  const meta = (name) => live.querySelector(`meta[name=${name}]`)?.content ?? "";
  await keeping.arrive(meta("phone-tag"), meta("csrf-token"));
  if (meta("phone-tag")) sent = [...sent, ...(await send(meta("csrf-token"))).sent];
  await draw("home");
}

async function begin() {
  modes((localStorage.getItem("phone-modes") ?? "").split(" ").filter(Boolean).map((name) => [name, ""]));
  await keeping.session();
  page = home ? null : await keeping.kept(location.href);
  const coming = home ? Promise.resolve("none") : late();
  if (page) {
    become();
    listen(() => true, strip);
    await strip();
    script(app);
    page.scripts.forEach((src) => script(src, "module"));
  } else {
    script(app);
    await draw(home ? "home" : await Promise.race([coming, Promise.resolve("slow")]) === "none" || !navigator.onLine ? "needs" : "slow");
  }
  document.body.dataset.store = page ? "kept" : "shell";
  const came = await coming;
  if (came === "here" && !busy()) return void location.reload();
  if (!page && !home) await draw("needs");
  addEventListener("online", back, { once: true });
  await (home ? back() : new Promise((done) => setTimeout(done, AGAIN)).then(back));
}

begin();
