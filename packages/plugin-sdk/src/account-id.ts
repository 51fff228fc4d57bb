/**
 * Reads the id by which a source identifies an account: a text that is not blank, or a number whose digits JSON kept.
 * `undefined` for anything else, which would make different accounts look like one.
 */
export function readAccountId(given: unknown): string | undefined {
  if (typeof given === 'string') return given.trim() === '' ? undefined : given
  if (typeof given !== 'number' || !Number.isFinite(given)) return undefined
  return Math.abs(given) <= Number.MAX_SAFE_INTEGER ? String(given) : undefined
}
