"""What anybody finds who takes a phone and reads its storage out."""

from __future__ import annotations

from playwright.sync_api import Page

READ = """async () => {
  const shown = (value) => {
    if (value instanceof CryptoKey) return `key(${value.extractable})`;
    if (value instanceof ArrayBuffer) value = new Uint8Array(value);
    if (ArrayBuffer.isView(value)) return new TextDecoder("utf-8").decode(value);
    if (value && typeof value === "object") return Object.entries(value).map(([k, v]) => `${k}=${shown(v)}`).join(" ");
    return String(value);
  };
  const parts = [];
  for (const { name } of await indexedDB.databases()) {
    const base = await new Promise((done) => { const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
    for (const store of base.objectStoreNames) {
      const rows = await new Promise((done) => { const asked = base.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result); });
      parts.push(...rows.map((row) => `${name}/${store}: ${shown(row)}`));
    }
    base.close();
  }
  for (const [name, value] of Object.entries({ ...localStorage, ...sessionStorage })) parts.push(`${name}: ${value}`);
  for (const cache of await caches.keys()) {
    const kept = await caches.open(cache);
    for (const request of await kept.keys()) parts.push(`${request.url} ${await (await kept.match(request)).text()}`);
  }
  return parts.join("\\n");
}"""


def stored(page: Page) -> str:
    """Everything in the phone's databases, its storage and its caches, as text."""
    return str(page.evaluate(READ))
