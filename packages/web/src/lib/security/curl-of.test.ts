import { expect, it } from 'vitest'
import { curlOf } from './curl-of.ts'

it('reads seven days with the token', () => {
  expect(curlOf('http://localhost:5173', 'trib_x', '2026-11-21')).toBe(
    'curl -H "Authorization: Bearer trib_x" "http://localhost:5173/api/metrics/daily?from=2026-11-15&to=2026-11-21"',
  )
})
