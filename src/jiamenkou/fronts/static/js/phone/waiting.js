// Forms that wait for a signal. "phone-waiting" outlives the sign-in: what lies in it is sealed under a key of the account,
// which the phone has only while somebody is signed in as this account; signing in again gives the same key.
import { all, drop, put, shape } from "../database.js";
import { fromText, lockJson, toText, unlockJson } from "../locks.js";
import { session } from "./keeping.js";

const BASE = "phone-waiting";
const MOST = 30; // forms
const LARGEST = 8 * 1024 * 1024; // bytes of one, its photo and recording in it
const NEVER = ["csrfmiddlewaretoken", "idempotency_key"];
shape(BASE, ["forms"]);

async function open(keys, row) {
  try {
    return { ...(await unlockJson(keys.waiting, row, `${row.id} ${row.owner}`)), id: row.id };
  } catch {
    return null;
  }
}

async function write(keys, form) {
  const { id, ...rest } = form;
  await put(BASE, "forms", { id, owner: keys.owner, ...(await lockJson(keys.waiting, rest, `${id} ${keys.owner}`)) });
}

/** Mine, oldest first: {id, at, label, action, page, fields, once, tried, problem}. */
export async function mine() {
  const keys = await session();
  if (!keys?.waiting) return [];
  const rows = (await all(BASE, "forms")).filter((row) => row.owner === keys.owner);
  const forms = await Promise.all(rows.map((row) => open(keys, row)));
  return forms.filter(Boolean).sort((a, b) => a.at - b.at);
}

/** How many wait for somebody to sign in; 0 while somebody is: what another wrote is none of theirs. */
export async function others() {
  const keys = await session();
  return keys?.owner ? 0 : (await all(BASE, "forms")).length;
}

async function packed(data) {
  const fields = [];
  for (const [name, value] of data) {
    if (NEVER.includes(name)) continue;
    if (typeof value === "string") fields.push([name, value]);
    else if (value.size) fields.push([name, { name: value.name, type: value.type, data: toText(await value.arrayBuffer()) }]);
  }
  return fields;
}

/** What the form held, to be sent: files are files again. */
export function filled(form) {
  const data = new FormData();
  for (const [name, value] of form.fields) data.append(name, typeof value === "string" ? value : fileOf(value));
  return data;
}

export const fileOf = ({ name, type, data }) => new File([fromText(data)], name, { type });

/**
 * Keeps a form; the same thing again (``once``) stands in place of the one before, under the same number where nothing
 * was changed and nothing refused. Returns it; throws where nobody is signed in or the phone is full.
 */
export async function add({ label, action, page, once, data, tried = 0 }) {
  const keys = await session();
  if (!keys?.waiting) throw new Error("nobody is signed in");
  const fields = await packed(data);
  const before = (await mine()).find((form) => form.once === once);
  const same = before && !before.problem && JSON.stringify(before.fields) === JSON.stringify(fields);
  const form = { id: same ? before.id : crypto.randomUUID(), at: Date.now(), label, action, page, once, fields, tried: tried || (same && before.tried) || 0, problem: "" };
  if (JSON.stringify(fields).length > LARGEST || (!before && (await mine()).length >= MOST)) throw new Error("full");
  await write(keys, form);
  if (before && !same) await remove(before.id);
  return form;
}

export async function change(form, changed) {
  const keys = await session();
  if (keys?.waiting) await write(keys, { ...form, ...changed });
}

export const remove = (id) => drop(BASE, "forms", id);
