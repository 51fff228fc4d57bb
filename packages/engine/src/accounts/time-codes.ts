import { createHmac, timingSafeEqual } from 'node:crypto'

const spanSeconds = 30
const digits = 6
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The code of a span of 30 seconds since 1970 (RFC 6238, with SHA-1 and six digits, as apps expect). */
export function codeOf(secret: Buffer, span: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(span))
  const hash = createHmac('sha1', secret).update(counter).digest()
  const at = (hash.at(-1) ?? 0) & 0xf
  const number = hash.readUInt32BE(at) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

export function spanOf(now: Temporal.Instant): number {
  return Math.floor(now.epochMilliseconds / 1000 / spanSeconds)
}

/** The span whose code this is, if it is that of now or of the one before or after: clocks differ, people are slow. */
export function findSpan(secret: Buffer, code: string, now: Temporal.Instant): number | undefined {
  const given = Buffer.from(code)
  return [0, -1, 1]
    .map((difference) => spanOf(now) + difference)
    .find((span) => given.length === digits && timingSafeEqual(Buffer.from(codeOf(secret, span)), given))
}

/** Bytes in base32 (RFC 4648) without padding, as apps take a secret that is typed. */
export function toBase32(bytes: Buffer): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[parseInt(five.padEnd(5, '0'), 2)]).join('')
}
