// IndexedDB in promises. A page names the stores of its databases once; what is said to be written is written.

const shapes = {};
const open = new Map();

/** shape("session-door", ["keys", "kept"]): rows of every store have an ``id``. */
export function shape(name, stores) {
  shapes[name] = stores;
}

function database(name) {
  if (!open.has(name)) {
    open.set(name, new Promise((resolve, reject) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => shapes[name].forEach((store) => asked.result.createObjectStore(store, { keyPath: "id" }));
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => {
        // somebody signs out in another tab: let go, or what is kept would outlive the sign-in
        asked.result.onversionchange = () => { asked.result.close(); open.delete(name); };
        resolve(asked.result);
      };
    }));
  }
  return open.get(name);
}

const done = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

async function within(name, store, mode, act) {
  const base = await database(name);
  const transaction = base.transaction(store, mode, { durability: "strict" });
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  const result = await done(act(transaction.objectStore(store)));
  await ended; // written, not only asked for: a killed tab loses nothing that was said to be kept
  return result;
}

export const get = (name, store, id) => within(name, store, "readonly", (rows) => rows.get(id));
export const all = (name, store) => within(name, store, "readonly", (rows) => rows.getAll());
export const put = (name, store, row) => within(name, store, "readwrite", (rows) => rows.put(row));
export const drop = (name, store, id) => within(name, store, "readwrite", (rows) => rows.delete(id));

export async function wipe(name) {
  const base = await (open.get(name) ?? null);
  base?.close();
  open.delete(name);
  await new Promise((resolve, reject) => {
    const asked = indexedDB.deleteDatabase(name);
    asked.onsuccess = resolve;
    asked.onerror = () => reject(asked.error);
  });
}
