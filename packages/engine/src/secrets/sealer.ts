import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { keyBytes, type KeyRing } from './key-ring.ts'

/** The one place that a ciphertext belongs to; in any other it does not open. */
export interface Place {
  table: string
  column: string
  row: string
  /** The user whose row it is; `null` for what belongs to no user. */
  user: string | null
}

/** A place in a user's row. */
export type UserPlace = Place & { user: string }

/** A ciphertext that does not open: its key is missing, or it was changed or moved. */
export class SealError extends Error {
  readonly keyId: string | undefined
  constructor(message: string, keyId?: string) {
    super(message)
    this.keyId = keyId
  }
}

const byRing = 1
const byUserKey = 2
const keyIdBytes = 4
const nonceBytes = 12
const tagBytes = 16

/**
 * Seals secrets with AES-256-GCM and opens them; the only file that decrypts. What belongs to the installation is sealed by
 * the ring (1, key id, nonce, tag, ciphertext), what belongs to a user by that user's data key (2, nonce, tag, ciphertext),
 * which lies sealed by the ring. A data key is in memory while one secret is sealed or opened by it, and nowhere else.
 */
export class Sealer {
  readonly #ring: KeyRing

  constructor(ring: KeyRing) {
    this.#ring = ring
  }

  get ring(): KeyRing {
    return this.#ring
  }

  seal(secret: string, place: Place): Buffer {
    return consume(Buffer.from(secret), (text) => this.#sealByRing(text, place))
  }

  open(sealed: Buffer, place: Place): string {
    return consume(this.#openByRing(sealed, place), (text) => text.toString('utf8'))
  }

  /** The same secret, sealed by the key that seals now. */
  reseal(sealed: Buffer, place: Place): Buffer {
    return consume(this.#openByRing(sealed, place), (text) => this.#sealByRing(text, place))
  }

  /** A new data key for a user, sealed by the ring. */
  makeUserKey(userId: string): Buffer {
    return consume(randomBytes(keyBytes), (key) => this.#sealByRing(key, userKeyPlace(userId)))
  }

  sealForUser(userKey: Buffer, secret: string, place: UserPlace): Buffer {
    return consume(this.#openByRing(userKey, userKeyPlace(place.user)), (key) =>
      consume(Buffer.from(secret), (text) =>
        Buffer.concat([Buffer.from([byUserKey]), encrypt(key, text, place)]),
      ),
    )
  }

  openForUser(userKey: Buffer, sealed: Buffer, place: UserPlace): string {
    if (sealed[0] !== byUserKey) throw new SealError('This is no sealed secret of a user.')
    return consume(this.#openByRing(userKey, userKeyPlace(place.user)), (key) => {
      const text = decrypt(key, sealed.subarray(1), place)
      if (!text) throw new SealError("A user's secret does not open: it was changed or moved.")
      return consume(text, () => text.toString('utf8'))
    })
  }

  #sealByRing(text: Buffer, place: Place): Buffer {
    const id = this.#ring.primary
    return Buffer.concat([Buffer.from([byRing]), Buffer.from(id, 'hex'), encrypt(this.#key(id), text, place)])
  }

  #openByRing(sealed: Buffer, place: Place): Buffer {
    if (sealed[0] !== byRing) throw new SealError('This is no sealed secret.')
    const id = sealed.toString('hex', 1, 1 + keyIdBytes)
    const text = decrypt(this.#key(id), sealed.subarray(1 + keyIdBytes), place)
    if (!text) throw new SealError(`A secret sealed by key ${id} does not open: it was changed or moved.`, id)
    return text
  }

  #key(id: string): Buffer {
    const key = this.#ring.find(id)
    if (!key) throw new SealError(`Key ${id} is not among the given keys.`, id)
    return key
  }
}

/** Where the data key of a user lies. */
export function userKeyPlace(userId: string): Place {
  return { table: 'user_keys', column: 'wrapped_key', row: userId, user: userId }
}

/** Uses bytes once and wipes them. */
function consume<Result>(bytes: Buffer, use: (bytes: Buffer) => Result): Result {
  try {
    return use(bytes)
  } finally {
    bytes.fill(0)
  }
}

function encrypt(key: Buffer, text: Buffer, place: Place): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(bind(place))
  const sealed = Buffer.concat([cipher.update(text), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

function decrypt(key: Buffer, sealed: Buffer, place: Place): Buffer | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes))
  decipher.setAAD(bind(place))
  decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
  const text = decipher.update(sealed.subarray(nonceBytes + tagBytes))
  try {
    decipher.final()
    return text
  } catch {
    text.fill(0)
    return undefined
  }
}

function bind({ table, column, row, user }: Place): Buffer {
  return Buffer.from(JSON.stringify([table, column, row, user]))
}
