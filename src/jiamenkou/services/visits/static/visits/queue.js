// What this phone holds: the list of today, unfinished forms, visits that wait to be sent.
import * as locks from "./seal.js";
import { all, drop, get, put, wipe } from "./store.js";

const LIST = "session-door";
const QUEUE = "door-queue";
const BACKWARDS = 10 * 60_000;
let current = null; // { key, until, taken, owner, ticket }

/** The sign-in's key while it holds; after twelve hours, or when the clock ran backwards, everything readable goes. */
export async function session() {
  current = await get(LIST, "keys", "list") ?? null;
  if (current && (Date.now() > current.until || Date.now() < current.taken - BACKWARDS)) await forget();
  return current;
}

/** Delete the list, its key and every readable copy. What is sealed for the server stays. */
export async function forget() {
  current = null;
  await wipe(LIST);
}

export async function take(given) {
  const before = await session();
  if (before && before.owner !== given.owner) await forget();
  const drafts = await readable();
  const key = await locks.keyFrom(given.key);
  const taken = Date.now();
  current = { id: "list", key, taken, until: taken + (given.until - given.now), owner: given.owner, ticket: given.ticket };
  await put(LIST, "keys", current);
  for (const draft of drafts) await keepReadable(draft.id, draft.value);
  await keepReadable("list", { form: given.form, list: given.list, at: taken, owner: given.owner });
  await put(QUEUE, "meta", { id: "public", value: given.public });
}

export const list = () => keptReadable("list");
export const publicKey = async () => (await get(QUEUE, "meta", "public"))?.value;

export async function device() {
  const known = await get(QUEUE, "meta", "device");
  if (known) return known.value;
  const value = crypto.randomUUID();
  await put(QUEUE, "meta", { id: "device", value });
  return value;
}

async function keepReadable(id, value) {
  if (!current) return;
  const data = value instanceof ArrayBuffer ? value : new TextEncoder().encode(JSON.stringify(value));
  await put(LIST, "kept", { id, ...(await locks.lock(current.key, data, id)) });
}

async function keptReadable(id, raw = false) {
  if (!current) return null;
  const kept = await get(LIST, "kept", id);
  if (!kept) return null;
  try {
    return raw ? await locks.unlock(current.key, kept, id) : await locks.unlockJson(current.key, kept, id);
  } catch {
    return null; // of another sign-in
  }
}

async function readable() {
  if (!current) return [];
  const ids = (await all(LIST, "kept")).map((row) => row.id).filter((id) => id.startsWith("visit:"));
  const found = await Promise.all(ids.map(async (id) => ({ id, value: await keptReadable(id) })));
  return found.filter((one) => one.value);
}

// ---- visits: a readable copy for this sign-in, a sealed one for the server

/** Keep a form as it stands; done: it waits to be sent. */
export async function save(visit, done = false) {
  if (done) visit.at = Date.now();
  await keepReadable(`visit:${visit.uid}`, visit);
  const sealed = await locks.sealJson(await publicKey(), told(visit), `visit:${visit.uid}`);
  const before = await get(QUEUE, "visits", visit.uid);
  const state = done ? "ready" : before?.state ?? "draft";
  await put(QUEUE, "visits", { id: visit.uid, owner: visit.owner, state, sealed, at: visit.at, problem: "" });
}

/** What the server reads: names stay on the phone. */
const told = ({ uid, owner, plan, resident, seen, device: phone, taken, form, at, outcome, answers, needs, facts, people, note }) =>
  ({ uid, owner, plan, resident, seen, device: phone, taken, form, at, outcome, answers, needs, facts, people, note });

export const draft = (uid) => keptReadable(`visit:${uid}`);
export const queued = async () => (await all(QUEUE, "visits")).sort((a, b) => a.at - b.at);
export const setState = async (row, state, problem = "") => put(QUEUE, "visits", { ...row, state, problem });
export const keepReopened = (visit) => keepReadable(`visit:${visit.uid}`, visit);

export async function addFile(visit, kind, blob) {
  const data = await blob.arrayBuffer();
  const id = crypto.randomUUID();
  await keepReadable(`file:${id}`, data);
  const sealed = await locks.sealForServer(await publicKey(), data, `${kind}:${visit}`);
  await put(QUEUE, "files", { id, visit, kind, type: blob.type, size: data.byteLength, sealed });
}

export const filesOf = async (visit) => (await all(QUEUE, "files")).filter((file) => file.visit === visit);

export async function shown(file) {
  const data = await keptReadable(`file:${file.id}`, true);
  return data ? URL.createObjectURL(new Blob([data], { type: file.type })) : "";
}

export async function dropFile(id) {
  await drop(QUEUE, "files", id);
  if (current) await drop(LIST, "kept", `file:${id}`);
}

/** The visit is on the server, or was given up: nothing of it stays here. */
export async function dropVisit(uid) {
  for (const file of await filesOf(uid)) await dropFile(file.id);
  await drop(QUEUE, "visits", uid);
  if (current) await drop(LIST, "kept", `visit:${uid}`);
}

/** A visit that the server refused gets a new number before it is changed: the old one has its answer. */
export async function renumber(visit) {
  const was = visit.uid;
  visit.uid = crypto.randomUUID();
  await save(visit);
  for (const file of await filesOf(was)) {
    const data = await keptReadable(`file:${file.id}`, true);
    if (data) await addFile(visit.uid, file.kind, new Blob([data], { type: file.type }));
  }
  await dropVisit(was);
  return visit;
}

export async function markDone(plan) {
  const kept = await list();
  const item = kept?.list.find((one) => one.plan === plan);
  if (!item) return;
  item.done = true;
  await keepReadable("list", kept);
}
