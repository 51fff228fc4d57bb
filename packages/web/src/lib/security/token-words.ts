import type { TokenScope } from '@tributary/engine'

/** What a token may do, in words. */
export const scopeWords: { value: TokenScope; title: string; text: string }[] = [
  { value: 'read', title: 'Read', text: 'See values, coverage, imports, sources and metrics.' },
  { value: 'import', title: 'Import', text: 'Start syncs and upload files.' },
  {
    value: 'write',
    title: 'Change',
    text: 'Import, enter values, and change metrics and connections. Never your account, never what admins do.',
  },
]

export const lifetimes: { days: number | null; name: string }[] = [
  { days: 30, name: '30 days' },
  { days: 90, name: '90 days' },
  { days: 366, name: 'A year' },
  { days: null, name: 'Until revoked' },
]

/** The short words for a token's scopes, e.g. `Read, import`. */
export function describeScopes(scopes: TokenScope[]): string {
  const words = scopeWords
    .filter(({ value }) => scopes.includes(value))
    .map(({ title }) => title.toLowerCase())
  const text = words.join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
