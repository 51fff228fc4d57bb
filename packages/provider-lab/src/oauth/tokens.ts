import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** What an access token says, readable by anyone and signed by the lab. Times in seconds from the epoch. */
export interface AccessClaims {
  readonly aud: string
  readonly sub: string
  readonly iss: string
  readonly typ: 'access_token'
  readonly grant: string
  readonly jti: string
  readonly exp: number
  readonly iat: number
}

const HEADER = base64url({ alg: 'HS256' })

/** Stands in what the lab makes as a secret, so that one is known wherever it turns up; access tokens have their header. */
export const labMark = '1ab5ec2e7c0ffee0'
export const labMarks: readonly string[] = [labMark, HEADER]

export function markSecret(hex: string): string {
  return labMark + hex.slice(labMark.length)
}

/** A JSON Web Token (RFC 7519), HS256. */
export function signAccessToken(key: Buffer, claims: AccessClaims): string {
  const unsigned = `${HEADER}.${base64url(claims)}`
  return `${unsigned}.${signature(key, unsigned)}`
}

/** The claims, whether expired or not; undefined when the lab did not sign them. */
export function readAccessToken(key: Buffer, token: string): AccessClaims | undefined {
  const [header, payload, given, ...rest] = token.split('.')
  if (header !== HEADER || !payload || !given || rest.length > 0) return undefined
  if (!sameText(given, signature(key, `${header}.${payload}`))) return undefined
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as AccessClaims
}

/**
 * A secret that follows from another one: the same every time, to nobody without the key foreseeable.
 *
 * The refresh token after a refresh token is made so; a repeated request can be given the same answer by any process,
 * although no process ever stored it.
 */
export function derive(key: Buffer, purpose: string, from: string): string {
  return createHmac('sha256', key).update(`${purpose}\n${from}`).digest('hex')
}

/** The name under which a record is kept: nobody finds the way back. */
export function recordName(kind: string, source: string, value: string): string {
  return createHash('sha256').update(`${kind}\n${source}\n${value}`).digest('hex')
}

export function s256(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

export function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function signature(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(`access\n${text}`).digest('base64url')
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
