// The resident's phone without signal. Only the files named here are kept, none of them personal. With signal every page
// comes from the house; where it does not come, or not in time, the store's own page stands at the same address and
// opens what the phone has kept of it.
"use strict";
const CACHE = "{{ cache }}";
const FILES = {{ files|safe }};
const SHELL = "{{ home }}";
const UNTOUCHED = [{% for prefix in untouched %}"{{ prefix }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const PATIENCE = 5000; // a signal that comes and goes: the phone does not wait longer for a page
const HANDED = 3000; // a page that came late is asked for at once by whoever was told, or not at all
const FORGOTTEN = 30_000;
const DOWN = 60_000; // so long after a page that did not come, files are not waited for either

const late = new Map(); // address → { asked, answer, told }: pages that were not waited for
const answered = new Map(); // path of a form → when the house had answered it
let sent = null; // path of a form that was answered with "go there": the next page says whether that is signing in
let down = 0;

self.addEventListener("install", (event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("{{ name }}-") && name !== CACHE;
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

const kept = (name) => caches.open(CACHE).then((cache) => cache.match(name));
const shell = () => { down = Date.now(); return kept(SHELL); };
// what a proxy says in front of a house that is not there
const nobody = (answer) => answer.status === 502 || answer.status === 504;

function form(request, path) {
  late.clear(); // what came late was made before this
  return fetch(request).then((answer) => {
    if (nobody(answer)) throw new TypeError("nobody is there");
    if (answer.type === "opaqueredirect") sent = path;
    else if (answer.status < 500 && answer.status !== 429) answered.set(path, Date.now());
    return answer;
  }).catch(() => Response.redirect(`${SHELL}?from=${encodeURIComponent(path)}`, 303));
}

function page(event, url) {
  const { request } = event;
  if (sent !== null) {
    if (!url.pathname.startsWith("/signin/")) answered.set(sent, Date.now());
    sent = null;
  }
  const address = url.pathname + url.search;
  const before = late.get(address);
  if (before?.answer && Date.now() < before.told + HANDED) {
    late.delete(address);
    return Promise.resolve(before.answer);
  }
  let over = false; // whether it came, or will not come
  const asked = fetch(request).then((answer) => {
    if (nobody(answer)) throw new TypeError("nobody is there");
    down = 0;
    return answer;
  }).finally(() => { over = true; });
  if (url.pathname.startsWith("/signin/")) return asked.catch(shell); // never a second time by itself
  const tired = new Promise((done) => setTimeout(done, PATIENCE)).then(() => {
    if (over) return asked;
    const found = { asked };
    late.set(address, found);
    const forgotten = () => setTimeout(() => { if (late.get(address) === found) late.delete(address); }, FORGOTTEN);
    asked.then(forgotten, forgotten);
    return shell().then((kept) => kept ?? asked);
  });
  event.waitUntil(asked.catch(() => {}));
  return Promise.race([asked, tired]).catch(async (error) => (await shell()) ?? Promise.reject(error));
}

async function file(request, path) {
  if (path.includes("/js/phone/") || Date.now() < down + DOWN) return (await kept(path)) ?? fetch(request);
  return fetch(request).catch(() => kept(path));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "GET" && FILES.includes(url.pathname) && request.mode !== "navigate") {
    return void event.respondWith(file(request, url.pathname));
  }
  if (request.mode !== "navigate" || UNTOUCHED.some((prefix) => url.pathname.startsWith(prefix))) return;
  if (/\.\w+$/.test(url.pathname)) return; // a file
  if (request.method === "GET") event.respondWith(page(event, url));
  else if (request.method === "POST" && !url.pathname.startsWith("/signin/")) event.respondWith(form(request, url.pathname));
});

self.addEventListener("message", async (event) => {
  const { ask, path, address } = event.data;
  const [port] = event.ports;
  if (ask === "answered") port.postMessage(answered.get(path) ?? 0);
  if (ask === "late") {
    const found = late.get(address);
    if (!found) return void port.postMessage("none");
    try {
      found.answer = await found.asked;
      found.told = Date.now();
      port.postMessage("here");
    } catch {
      late.delete(address);
      port.postMessage("none");
    }
  }
});
