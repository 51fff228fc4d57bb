import { expect, it } from 'vitest'
import { nextPath } from './next-path.ts'

it.each(['/settings/plugins', '/today?day=2026-11-20', '/settings/plugins?error=expired#top'])(
  'goes on to the page %s',
  (path) => expect(nextPath(path)).toBe(path),
)

it.each([
  null,
  '',
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  'javascript:alert(1)',
  'today',
  '/api/plugins/fitbit/auth',
  '/today/../api/plugins',
  '/sign-in?next=/sign-in',
  '/sign-out',
])('does not go on to %j', (path) => expect(nextPath(path)).toBe('/today'))
