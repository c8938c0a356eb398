// AES-GCM under keys that cannot be taken out of the phone, each thing bound to where it belongs.

export const bytes = (text) => new TextEncoder().encode(text);

export function fromText(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (ch) => ch.charCodeAt(0));
}

export function toText(data) {
  let plain = "";
  for (const byte of new Uint8Array(data)) plain += String.fromCharCode(byte);
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A key that scripts can use and nobody can read. */
export const keyFrom = (raw) => crypto.subtle.importKey("raw", fromText(raw), "AES-GCM", false, ["encrypt", "decrypt"]);

export async function lock(key, data, boundTo) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const locked = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(boundTo) }, key, data);
  return { iv, locked };
}

export async function unlock(key, { iv, locked }, boundTo) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bytes(boundTo) }, key, locked);
}

export const lockJson = (key, value, boundTo) => lock(key, bytes(JSON.stringify(value)), boundTo);
export const unlockJson = async (key, kept, boundTo) =>
  JSON.parse(new TextDecoder().decode(await unlock(key, kept, boundTo)));
