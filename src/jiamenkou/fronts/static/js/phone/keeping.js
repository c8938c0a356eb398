// Pages as they were last seen, sealed under the key of this sign-in and bound to their address. "session-phone" is
// deleted whole at sign-out (any database named session-… is), when twelve hours have passed without the house, when
// somebody else is signed in or signed in anew, and when the clock has run backwards.
import { all, drop, get, put, shape, wipe } from "../database.js";
import { bytes, keyFrom, lockJson, toText, unlockJson } from "../locks.js";

const BASE = "session-phone";
const BACKWARDS = 10 * 60_000;
const HOLDS = 12 * 60 * 60_000; // a stranger's pages; of a sign-in the house says it
const MOST = 80; // pages
shape(BASE, ["keys", "pages"]);

/** Whether this browser can keep anything: not without https, not in every private window. */
export const able = Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);
let current = null; // { tag, owner, pages, waiting, holds, seen }

/** The keys while they hold; null, and nothing left, once they do not. */
export async function session() {
  if (!able) return null;
  current = await get(BASE, "keys", "now") ?? null;
  if (current && (Date.now() > current.seen + current.holds || Date.now() < current.seen - BACKWARDS)) await forget();
  return current;
}

export async function forget() {
  current = null;
  await wipe(BASE);
}

/** The house has just answered as ``tag`` ('' for nobody): what another one kept goes, and the twelve hours begin anew. */
export async function arrive(tag, csrf) {
  const known = await session();
  if (known && known.tag !== tag) await forget();
  if (current) current = { ...current, seen: Date.now() };
  else current = tag ? await given(tag, csrf) : await own();
  if (current) await put(BASE, "keys", current);
  return current;
}

async function given(tag, csrf) {
  const answer = await fetch("/offline/key/", { method: "POST", redirect: "manual", cache: "no-store", headers: { "X-CSRFToken": csrf } });
  const told = answer.ok ? await answer.json() : {};
  if (told.tag !== tag) return null; // signed out, or in as another, since this page was made
  const [pages, waiting] = await Promise.all([keyFrom(told.pages), keyFrom(told.waiting)]);
  return { id: "now", tag, owner: told.owner, pages, waiting, holds: told.holds, seen: Date.now() };
}

/** A stranger sees only what everybody sees: a key of the phone's own will do. */
async function own() {
  const pages = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  return { id: "now", tag: "", owner: "", pages, waiting: null, holds: HOLDS, seen: Date.now() };
}

// ---- pages

/** An address as it is kept: what only says that something was just done is no part of it. */
export function addressOf(href) {
  const { pathname, searchParams } = new URL(href, location.href);
  for (const passing of ["sent", "new", "mend"]) searchParams.delete(passing);
  const rest = searchParams.toString();
  return rest ? `${pathname}?${rest}` : pathname;
}

const named = async (address) => toText(await crypto.subtle.digest("SHA-256", bytes(address)));

/** The page as the house sent it. Null where it holds what is shown for seconds only. */
export function taken() {
  if (document.querySelector("[data-hide-after]")) return null;
  const body = document.body.cloneNode(true);
  const gone = ".toasts > *, script, [name=csrfmiddlewaretoken], [name=idempotency_key], img[src^='/files/'], iframe";
  body.querySelectorAll(gone).forEach((node) => node.remove());
  const root = document.documentElement;
  const sources = (selector, name) => [...document.querySelectorAll(selector)].map((node) => new URL(node[name]).pathname);
  return {
    address: addressOf(location.href),
    title: document.title,
    name: document.title.split(" · ")[0],
    modes: ["lang", "data-care", "data-dark", "data-light"].filter((name) => root.hasAttribute(name)).map((name) => [name, root.getAttribute(name)]),
    css: body.className,
    body: body.innerHTML,
    sheets: sources("link[rel=stylesheet]", "href"),
    scripts: sources("script[type=module][src]", "src").filter((path) => !path.includes("/js/phone/")),
  };
}

export async function keep(page) {
  if (!current || !page) return;
  const id = await named(page.address);
  const at = Date.now();
  await put(BASE, "pages", { id, at, ...(await lockJson(current.pages, { ...page, at }, id)) });
  const rows = (await all(BASE, "pages")).sort((a, b) => b.at - a.at);
  for (const old of rows.slice(MOST)) await drop(BASE, "pages", old.id);
}

async function opened(row) {
  try {
    return await unlockJson(current.pages, row, row.id);
  } catch {
    return null; // of another sign-in
  }
}

/** The page of this address; without a question mark also the newest of its path. */
export async function kept(href) {
  if (!current) return null;
  const address = addressOf(href);
  const row = await get(BASE, "pages", await named(address));
  const page = row && await opened(row);
  if (page || address.includes("?")) return page ?? null;
  return (await list()).find((one) => one.address.split("?")[0] === address) ?? null;
}

/** Everything that is kept, newest first. */
export async function list() {
  if (!current) return [];
  const pages = await Promise.all((await all(BASE, "pages")).map(opened));
  return pages.filter(Boolean).sort((a, b) => b.at - a.at);
}
