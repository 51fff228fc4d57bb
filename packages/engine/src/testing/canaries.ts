import { labMarks } from '@tributary/provider-lab'
import { toBase32 } from '../accounts/time-codes.ts'
import { mark } from './mark-random.ts'

/** What a secret holds that a test wrote itself: a password, or a text that is made to be looked for. */
const written = ['long password', 'correct horse', 'canary-']

/** The sign-in library spells random bytes by an alphabet of its own. */
const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const spelled = [...mark].map((byte) => alphabet[byte % alphabet.length]).join('')

/** A secret that is typed by hand, in its first letters. */
const typed = toBase32(mark.subarray(0, 5))

/** How secrets are known: each that our code, the simulated providers or a test makes holds one of these. */
const canaries = [mark.toString('base64url'), mark.toString('hex'), spelled, ...labMarks, ...written]

/** The texts that give a secret away: as it was made, or put into hex or base64 once more. */
export const canaryTexts: readonly string[] = [
  ...canaries.flatMap((text) => [text, Buffer.from(text).toString('hex'), ...inBase64(text)]),
  ...[typed, typed.toLowerCase()].flatMap((text) => [text, text.replace(/.{4}/, '$&-')]),
]

/** The bytes that do so. */
export const canaryBytes: readonly Buffer[] = [
  mark,
  ...[...canaries, typed, typed.toLowerCase()].map((text) => Buffer.from(text)),
]

/** The first canary that stands somewhere, or `undefined`. */
export function findCanary(where: string | Buffer): string | undefined {
  if (typeof where === 'string') return canaryTexts.find((text) => where.includes(text))
  return canaryBytes.find((bytes) => where.includes(bytes))?.toString('latin1')
}

/** What base64 makes of a text among others, at each of the three places where it may begin. */
function inBase64(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const whole = Buffer.from('\0'.repeat(before) + text)
    return whole.toString('base64url').slice(Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6))
  })
}
