// The page at the pickup point without signal. Only the files named here are kept, none of them personal; with signal
// every page comes from the house, and where it does not come, the shell shows what this phone took along.
"use strict";
const CACHE = "{{ cache }}";
const FILES = {{ files|safe }};
const SHELL = "{{ home }}";
const POINT = /^\/groups\/lead\/\d+\/points\/\d+\/(look\/|hand\/)?$/;
const PATIENCE = 5000; // a signal that comes and goes: the phone does not wait longer for a page

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

function atPoint(request, path) {
  const asked = fetch(request);
  if (request.method !== "GET") {
    // a form that did not get through: its page without signal, where the code is given again
    return asked.catch(() => Response.redirect(path.replace(/(look|hand)\/$/, ""), 303));
  }
  const tired = new Promise((done) => setTimeout(done, PATIENCE)).then(() => kept(SHELL));
  return Promise.race([asked, tired.then((shell) => shell ?? asked)]).catch(() => kept(SHELL));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (POINT.test(url.pathname)) event.respondWith(atPoint(request, url.pathname));
  } else if (request.method === "GET" && FILES.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => kept(url.pathname)));
  }
});
