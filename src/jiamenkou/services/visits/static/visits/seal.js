// What was recorded is sealed for the server's public key (ECDH P-256, HKDF-SHA-256, AES-GCM), so nobody can read it
// here, not even we. The list of today lies under a key of this sign-in (js/locks.js).
import { bytes, fromText, lock } from "../js/locks.js";

export * from "../js/locks.js";

const INFO = bytes("jiamenkou door 1");

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
