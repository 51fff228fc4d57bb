import { expect, it } from 'vitest'
import { scopesFor } from './scope-of-route.ts'

it.each([
  ['GET', '/api/metrics/daily', ['read']],
  ['GET', '/api/metrics/changes', ['read']],
  ['HEAD', '/api/plugins/[id=plugin]', ['read']],
  ['GET', '/api/metrics/explain', ['read']],
  ['GET', '/api/metrics/compare', ['read']],
  ['GET', '/api/coverage', ['read']],
  ['GET', '/api/raw-pages/[fetch]/[page]', ['read']],
  ['GET', '/api/import-jobs/events', ['read']],
  ['GET', '/api/import-jobs/[id=uuid]/rejections', ['read']],
  ['PUT', '/api/metrics/manual', ['write']],
  ['DELETE', '/api/plugins/[id=plugin]', ['write']],
  ['POST', '/api/plugins/[id=plugin]/sync', ['import', 'write']],
  ['POST', '/api/plugins/[id=plugin]/upload', ['import', 'write']],
  ['GET', '/api/plugins/[id=plugin]/auth', []],
  ['GET', '/api/plugins/[id=plugin]/callback', []],
  ['GET', '/api/admin/plugins/[id=plugin]/test', []],
  ['PATCH', '/api/account', []],
  ['GET', '/api/account/tokens', []],
  ['POST', '/api/auth/sign-in/email', []],
  ['GET', '/api/admin/audit', []],
  ['POST', '/api/simulation', []],
  ['GET', '/api/what-comes-later', []],
  ['GET', '/api/metricsandmore', []],
])('%s %s takes a token with one of %j', (method, route, scopes) => {
  expect(scopesFor(method, route)).toEqual(scopes)
})
