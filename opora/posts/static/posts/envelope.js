// Seals a record to the house: ECDH on P-256, HKDF-SHA256, AES-256-GCM. What is sealed here is not read here again.

const INFO = new TextEncoder().encode("opora.posts.record");
const CURVE = { name: "ECDH", namedCurve: "P-256" };

const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export async function sealed(record, key, seal) {
  const theirs = bytes(seal.key);
  const pair = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const house = await crypto.subtle.importKey("raw", theirs, CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: house }, pair.privateKey, 256);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: joined(point, theirs), info: INFO };
  const cipher = await crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(record));
  const hidden = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(key) }, cipher, plain);
  return { key, seal: seal.id, point: text(point), nonce: text(nonce), text: chunked(new Uint8Array(hidden)) };
}

function chunked(raw) {
  let signs = "";
  for (let at = 0; at < raw.length; at += 8192) signs += String.fromCharCode(...raw.subarray(at, at + 8192));
  return btoa(signs);
}
