import { createHash } from 'node:crypto'

/** The keys of an installation; one seals, all open. */
export interface KeyRing {
  /** The id of the key that seals now. */
  readonly primary: string
  /** Every key's id, the one that seals first. */
  readonly ids: readonly string[]
  find(id: string): Buffer | undefined
}

/** The keys cannot be used; the message is one sentence for the person who starts it. */
export class KeyRingError extends Error {}

export const keyBytes = 32

/** Reads a ring: base64 keys of 32 bytes with commas or lines between, the first of which seals. */
export function parseKeyRing(text: string): KeyRing {
  const keys = new Map<string, Buffer>()
  for (const encoded of text.split(/[\s,]+/).filter(Boolean)) {
    const key = Buffer.from(encoded, 'base64')
    if (key.length !== keyBytes) {
      throw new KeyRingError(
        'TRIBUTARY_KEYS must hold keys of 32 bytes in base64 with commas between; "openssl rand -base64 32" makes one.',
      )
    }
    keys.set(keyIdOf(key), key)
  }
  const ids = [...keys.keys()]
  const [primary] = ids
  if (primary === undefined) throw new KeyRingError('TRIBUTARY_KEYS is empty.')
  return { primary, ids, find: (id) => keys.get(id) }
}

/** Short, says nothing of the key, and differs for every other key. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('tributary key id\n').update(key).digest('hex').slice(0, 8)
}
