import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { KeyRing } from './key-ring.ts'

/** The one place that a ciphertext belongs to; in any other it does not open. */
export interface Place {
  table: string
  column: string
  row: string
  /** The user whose row it is; `null` for what belongs to no user. */
  user: string | null
}

/** A ciphertext that does not open: its key is missing, or it was changed or moved. */
export class SealError extends Error {
  readonly keyId: string | undefined
  constructor(message: string, keyId?: string) {
    super(message)
    this.keyId = keyId
  }
}

const version = 1
const keyIdBytes = 4
const nonceBytes = 12
const tagBytes = 16
const headBytes = 1 + keyIdBytes + nonceBytes + tagBytes

/**
 * Seals secrets with AES-256-GCM and opens them: version, key id, nonce, tag, ciphertext. The only file that decrypts.
 */
export class Sealer {
  readonly #ring: KeyRing

  constructor(ring: KeyRing) {
    this.#ring = ring
  }

  get keyId(): string {
    return this.#ring.primary
  }

  seal(secret: string, place: Place): Buffer {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#key(this.#ring.primary), nonce)
    cipher.setAAD(bind(place))
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
    return Buffer.concat([
      Buffer.from([version]),
      Buffer.from(this.#ring.primary, 'hex'),
      nonce,
      cipher.getAuthTag(),
      text,
    ])
  }

  open(sealed: Buffer, place: Place): string {
    if (sealed.length < headBytes || sealed[0] !== version) throw new SealError('This is no sealed secret.')
    const keyId = sealed.toString('hex', 1, 1 + keyIdBytes)
    const nonce = sealed.subarray(1 + keyIdBytes, 1 + keyIdBytes + nonceBytes)
    const tag = sealed.subarray(headBytes - tagBytes, headBytes)
    const decipher = createDecipheriv('aes-256-gcm', this.#key(keyId), nonce)
    decipher.setAAD(bind(place))
    decipher.setAuthTag(tag)
    try {
      return Buffer.concat([decipher.update(sealed.subarray(headBytes)), decipher.final()]).toString('utf8')
    } catch {
      throw new SealError(`A secret sealed by key ${keyId} does not open: it was changed or moved.`, keyId)
    }
  }

  /** A secret of a purpose of its own, the same as long as the first key is. */
  derive(purpose: string): string {
    return createHmac('sha256', this.#key(this.#ring.primary))
      .update(`tributary ${purpose}`)
      .digest('base64url')
  }

  #key(id: string): Buffer {
    const key = this.#ring.keys.get(id)
    if (!key) throw new SealError(`Key ${id} is not among the given keys.`, id)
    return key
  }
}

function bind({ table, column, row, user }: Place): Buffer {
  return Buffer.from(JSON.stringify([table, column, row, user]))
}
