// Idempotency keys: one for each thing asked, kept until its answer came, so that asking again
// after a lost answer is the same question.

/** A random UUID, also where the page is not a secure context. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The key for asking `action` with `body`: the last one's while that is unanswered. */
export function keyFor(action, body, storage = sessionStorage) {
  const kept = JSON.parse(storage.getItem(`pos.key ${action}`) ?? 'null');
  if (kept?.body === body) return kept.key;
  const key = uuid();
  storage.setItem(`pos.key ${action}`, JSON.stringify({ body, key }));
  return key;
}

/** The answer came. */
export function answered(action, storage = sessionStorage) {
  storage.removeItem(`pos.key ${action}`);
}
