// What this phone takes along to a pickup point: the list, readable for this sign-in and one day, and what was handed
// over without signal – numbers of orders and hours, nobody's name – until the house has said that it knows.

const LIST = "session-pickup"; // signing out deletes every database that is named session-…
const QUEUE = "pickup-queue";
const DAY = 24 * 60 * 60_000;
const place = ({ cycle, point }) => `${cycle}-${point}`;

function database(name) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("rows");
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
  });
}

/** One transaction; what it says is kept is written, not only asked for. */
async function within(name, mode, act) {
  const base = await database(name);
  try {
    const transaction = base.transaction("rows", mode, { durability: "strict" });
    let found;
    const asked = act(transaction.objectStore("rows"));
    if (asked) asked.onsuccess = () => { found = asked.result; };
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    return found;
  } finally {
    base.close();
  }
}

const get = (name, key) => within(name, "readonly", (rows) => rows.get(key));
const put = (name, key, value) => within(name, "readwrite", (rows) => rows.put(value, key));

// ---- the list, under a key that cannot be taken out of this phone

async function lock() {
  const known = await get(LIST, "key");
  if (known) return known;
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await put(LIST, "key", key);
  return key;
}

export async function take(where, list) {
  const key = await lock();
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(list));
  const locked = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
  await put(LIST, place(where), { iv, locked, at: Date.now() });
}

/** {list, at}, or null where nothing was taken along today. */
export async function taken(where) {
  const kept = await get(LIST, place(where));
  if (!kept) return null;
  if (Date.now() > kept.at + DAY) {
    indexedDB.deleteDatabase(LIST);
    return null;
  }
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, await lock(), kept.locked);
  return { list: JSON.parse(new TextDecoder().decode(plain)), at: kept.at };
}

// ---- handed over and not told yet: [[order, ISO time], …]

export const waiting = async (where) => (await get(QUEUE, place(where))) ?? [];

function change(where, change) {
  return within(QUEUE, "readwrite", (rows) => {
    const asked = rows.get(place(where));
    asked.onsuccess = () => rows.put(change(asked.result ?? []), place(where));
  });
}

export const hand = (where, orders) => change(where, (rows) => {
  const known = new Set(rows.map(([order]) => order));
  const at = new Date().toISOString();
  return [...rows, ...orders.filter((order) => !known.has(order)).map((order) => [order, at])];
});

export const told = (where, orders) => change(where, (rows) => rows.filter(([order]) => !orders.has(order)));

// ---- a pickup code, verified here: J1.cycle.point.orders.signature

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** The orders a signed code names here; a string says why it does not; null: not a code of ours at all. */
export async function slip(text, where, publicKey) {
  const parts = text.trim().split(".");
  if (parts.length !== 5 || parts[0] !== "J1") return null;
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  let good = false;
  try {
    const key = await crypto.subtle.importKey("raw", bytes(publicKey), curve, false, ["verify"]);
    const signature = bytes(parts[4].replaceAll("-", "+").replaceAll("_", "/").padEnd(88, "="));
    const said = new TextEncoder().encode(parts.slice(0, 4).join("."));
    good = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, said);
  } catch { /* letters that are none of base64 */ }
  if (!good) return "这不是家门口的取货码。";
  if (parts[1] !== String(where.cycle)) return "这是另一期团购的码。";
  if (parts[2] !== String(where.point)) return "这一单不在这个自提点。";
  return parts[3].split("-").map(Number);
}
