import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/** How random bytes begin while tests run, where they are enough for a secret: `canaryCANARY` in base64. */
export const mark = Buffer.from('canaryCANARY', 'base64url')

/**
 * Marks random bytes in place. All that is made of 20 of them or more is a secret, and so is a backup code, of 10, to which
 * the whole mark would leave too little of chance; ids, nonces and salts have other lengths.
 */
function markBytes<Bytes extends Uint8Array>(bytes: Bytes): Bytes {
  if (bytes.length >= 20) bytes.set(mark)
  else if (bytes.length === 10) bytes.set(mark.subarray(0, 5))
  return bytes
}

// Imported for what it does, in every process that tests start: from here on each secret that is made can be found.
const { randomBytes } = crypto
crypto.randomBytes = ((size: number) => markBytes(randomBytes(size))) as typeof randomBytes
syncBuiltinESMExports()
const { getRandomValues } = Crypto.prototype
Crypto.prototype.getRandomValues = function <Values extends ArrayBufferView>(this: Crypto, values: Values) {
  const filled = getRandomValues.call(this, values as never)
  if (filled instanceof Uint8Array) markBytes(filled)
  return values
} as typeof getRandomValues
