// Two kinds of locks. The list of today lies under a key of this sign-in (AES-GCM, not extractable); what was recorded
// is sealed for the server's public key (ECDH P-256, HKDF-SHA-256, AES-GCM), so nobody can read it here, not even we.

const INFO = new TextEncoder().encode("jiamenkou door 1");
const bytes = (text) => new TextEncoder().encode(text);

export function fromText(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (ch) => ch.charCodeAt(0));
}

export function toText(data) {
  let plain = "";
  for (const byte of new Uint8Array(data)) plain += String.fromCharCode(byte);
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export const listKey = (raw) => crypto.subtle.importKey("raw", fromText(raw), "AES-GCM", false, ["encrypt", "decrypt"]);

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

/** point (65 bytes) · nonce (12) · ciphertext with tag, as services/visits/sealing.py opens it. */
export async function sealForServer(publicKey, data, boundTo) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", fromText(publicKey), curve, false, []);
  const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: point, info: INFO }, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"],
  );
  const { iv, locked } = await lock(key, data, boundTo);
  const sealed = new Uint8Array(point.length + iv.length + locked.byteLength);
  sealed.set(point);
  sealed.set(iv, point.length);
  sealed.set(new Uint8Array(locked), point.length + iv.length);
  return sealed;
}

export const sealJson = (publicKey, value, boundTo) => sealForServer(publicKey, bytes(JSON.stringify(value)), boundTo);
