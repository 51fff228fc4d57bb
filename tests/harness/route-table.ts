import type { TokenScope } from '@tributary/engine'

/** What a route takes in its path: the thing that its id names. */
export type Thing =
  'plugin' | 'template' | 'job' | 'upload' | 'token' | 'session' | 'user' | 'metric' | 'day' | 'raw-page'

export interface Expectation {
  /** Who may: anybody, who is signed in, an admin. */
  for: 'anybody' | 'user' | 'admin'
  /** What a request with this query and body answers to who may, with an id that is theirs. */
  status: number
  query?: string
  body?: unknown
  thing?: Thing
  /** What an id that nothing has answers with; 404 unless given. */
  unknown?: number
  /** Scopes of which a token needs one; none: no token will do. */
  scopes?: TokenScope[]
}

const read: Pick<Expectation, 'for' | 'scopes'> = { for: 'user', scopes: ['read'] }
const write: Pick<Expectation, 'for' | 'scopes'> = { for: 'user', scopes: ['write'] }
const bring: Pick<Expectation, 'for' | 'scopes'> = { for: 'user', scopes: ['import', 'write'] }
const own: Pick<Expectation, 'for'> = { for: 'user' }
const admin: Pick<Expectation, 'for'> = { for: 'admin' }
const anybody: Pick<Expectation, 'for'> = { for: 'anybody' }

/** Who may do what, for every route and method of the app. */
export const routeTable: Record<string, Expectation> = {
  'any /api/[...path]': { ...anybody, status: 404 },
  'POST /api/auth/sign-in/email': { ...anybody, status: 400, body: {} },
  'POST /api/auth/sign-in/code': { ...anybody, status: 401, body: { code: '123456' } },
  'POST /api/auth/sign-out': { ...anybody, status: 200 },
  'GET /healthz': { ...anybody, status: 200 },
  'GET /readyz': { ...anybody, status: 200 },
  'POST /sign-out': { ...anybody, status: 303 },
  'GET /sign-in/link/[token]': { ...anybody, status: 410 },

  'PATCH /api/account': { ...own, status: 200, body: { timeZone: 'Europe/Berlin' } },
  'DELETE /api/account': { ...own, status: 422, body: { password: 'wrong' } },
  'GET /api/account/export': { ...own, status: 200 },
  'PUT /api/account/password': { ...own, status: 422, body: { current: 'wrong', wanted: 'x' } },
  'GET /api/account/second-step': { ...own, status: 200 },
  'POST /api/account/second-step': { ...own, status: 422, body: { password: 'wrong' } },
  'PUT /api/account/second-step': { ...own, status: 422, body: { code: '000000' } },
  'DELETE /api/account/second-step': { ...own, status: 422, body: { password: 'wrong' } },
  'GET /api/account/sessions': { ...own, status: 200 },
  'DELETE /api/account/sessions': { ...own, status: 200 },
  'DELETE /api/account/sessions/[id=uuid]': { ...own, status: 200, thing: 'session' },
  'GET /api/account/tokens': { ...own, status: 200 },
  'POST /api/account/tokens': { ...own, status: 201, body: { name: 'x', scopes: ['read'], days: 1 } },
  'DELETE /api/account/tokens/[id=uuid]': { ...own, status: 200, thing: 'token' },

  'GET /api/admin/audit': { ...admin, status: 200, query: 'limit=1' },
  'GET /api/admin/configuration': { ...admin, status: 200 },
  'PUT /api/admin/configuration': { ...admin, status: 200, body: {} },
  'POST /api/admin/invitations': { ...admin, status: 201, body: {} },
  'POST /api/admin/plugins/[id=plugin]/test': { ...admin, status: 200, thing: 'plugin' },
  'GET /api/admin/schedule': { ...admin, status: 200 },
  'GET /api/admin/users': { ...admin, status: 200 },
  'PATCH /api/admin/users/[id=uuid]': { ...admin, status: 200, thing: 'user', body: {} },
  'DELETE /api/admin/users/[id=uuid]': { ...admin, status: 409, thing: 'user' },
  'DELETE /api/admin/users/[id=uuid]/second-step': { ...admin, status: 409, thing: 'user' },
  'POST /api/simulation': { ...admin, status: 200 },

  'GET /api/coverage': { ...read, status: 200, query: 'plugin=fitbit&from=2026-01-01&to=2026-01-02' },
  'GET /api/import-jobs': { ...read, status: 200 },
  'GET /api/import-jobs/events': { ...read, status: 200 },
  'GET /api/import-jobs/[id=uuid]': { ...read, status: 200, thing: 'job' },
  'GET /api/import-jobs/[id=uuid]/rejections': { ...read, status: 200, thing: 'job', query: 'limit=1' },
  'GET /api/metric-templates': { ...read, status: 200 },
  'POST /api/metric-templates': { ...write, status: 201, body: { name: 'x', metrics: [] } },
  'GET /api/metric-templates/[id=uuid]': { ...read, status: 200, thing: 'template' },
  'PUT /api/metric-templates/[id=uuid]': {
    ...write,
    status: 200,
    thing: 'template',
    body: { name: 'x', metrics: [] },
  },
  'DELETE /api/metric-templates/[id=uuid]': { ...write, status: 200, thing: 'template' },
  'PUT /api/metric-templates/order': { ...write, status: 422, body: { ids: [] } },
  'GET /api/metrics/changes': { ...read, status: 200, query: 'since=2026-01-01' },
  'GET /api/metrics/compare': {
    ...read,
    status: 200,
    query: 'metric=metric.steps&from=2026-01-01&to=2026-01-02',
  },
  'GET /api/metrics/daily': { ...read, status: 200, query: 'from=2026-01-01&to=2026-01-02' },
  'GET /api/metrics/explain': { ...read, status: 200, query: 'metric=fitbit.steps&date=2026-01-01' },
  'POST /api/metrics/look': { ...bring, status: 200, body: { date: '2026-01-01' } },
  'PUT /api/metrics/manual': {
    ...write,
    status: 200,
    body: { metric: 'fitbit.steps', date: '2026-01-01', value: null },
  },
  'GET /api/metrics/split': {
    ...read,
    status: 200,
    query: 'metric=wakatime.codingTimeByProject&from=2026-01-01&to=2026-01-02',
  },
  'GET /api/plugins': { ...read, status: 200 },
  'GET /api/plugins/[id=plugin]': { ...read, status: 200, thing: 'plugin' },
  'PATCH /api/plugins/[id=plugin]': { ...write, status: 200, thing: 'plugin', body: { enabled: true } },
  'DELETE /api/plugins/[id=plugin]': { ...write, status: 200, thing: 'plugin', query: 'data=keep' },
  'GET /api/plugins/[id=plugin]/auth': { ...own, status: 302, thing: 'plugin', unknown: 302 },
  'GET /api/plugins/[id=plugin]/callback': { ...own, status: 302, thing: 'plugin', unknown: 302 },
  'PUT /api/plugins/[id=plugin]/key': { ...write, status: 400, thing: 'plugin', body: {}, unknown: 400 },
  'GET /api/plugins/[id=plugin]/remap': { ...read, status: 200, thing: 'plugin' },
  'POST /api/plugins/[id=plugin]/remap': {
    ...write,
    status: 400,
    thing: 'plugin',
    body: {},
    unknown: 400,
  },
  'POST /api/plugins/[id=plugin]/sync': {
    ...bring,
    status: 400,
    thing: 'plugin',
    body: { x: 1 },
    unknown: 400,
  },
  'POST /api/plugins/[id=plugin]/upload': { ...bring, status: 400, thing: 'plugin', unknown: 400 },
  'POST /api/plugins/[id=plugin]/upload/guess': { ...bring, status: 409, thing: 'plugin' },
  'GET /api/plugins/[id=plugin]/uploads': { ...read, status: 409, thing: 'plugin' },
  'DELETE /api/plugins/[id=plugin]/uploads/[upload=uuid]': { ...write, status: 200, thing: 'upload' },
  'GET /api/raw-pages/[fetch]/[page]': { ...read, status: 200, thing: 'raw-page' },
  'PUT /api/preferences/sources': { ...write, status: 200, body: { order: [] } },

  'GET /': { ...own, status: 303 },
  'GET /admin': { ...anybody, status: 307 },
  'GET /admin/audit': { ...admin, status: 200 },
  'GET /admin/configuration': { ...admin, status: 200 },
  'GET /admin/schedule': { ...admin, status: 200 },
  'GET /admin/users': { ...admin, status: 200 },
  'GET /imports/[id=uuid]': { ...own, status: 200, thing: 'job' },
  'GET /metrics/[name]': { ...own, status: 200, thing: 'metric' },
  'GET /metrics/[name]/[date]': { ...own, status: 200, thing: 'day' },
  'GET /settings': { ...anybody, status: 307 },
  'GET /settings/account': { ...own, status: 200 },
  'POST /settings/account': { ...own, status: 400, body: new URLSearchParams() },
  'GET /settings/metrics': { ...own, status: 200 },
  'GET /settings/metrics/[id=uuid]': { ...own, status: 200, thing: 'template' },
  'GET /settings/metrics/new': { ...own, status: 200 },
  'GET /settings/plugins': { ...own, status: 200 },
  'GET /settings/plugins/[id=plugin]': { ...own, status: 200, thing: 'plugin' },
  'GET /settings/plugins/[id=plugin]/upload': { ...own, status: 404, thing: 'plugin' },
  'GET /settings/security': { ...own, status: 200 },
  'GET /set-up/[token]': { ...anybody, status: 410 },
  'POST /set-up/[token]': { ...anybody, status: 410, body: new URLSearchParams() },
  'GET /sign-in': { ...anybody, status: 200 },
  'POST /sign-in': { ...anybody, status: 400, body: new URLSearchParams() },
  'GET /sign-in/code': { ...anybody, status: 200 },
  'POST /sign-in/code': { ...anybody, status: 400, body: new URLSearchParams() },
  'GET /today': { ...own, status: 200 },
  'POST /today ?/choose': { ...own, status: 404, body: new URLSearchParams({ template: 'none' }) },
}
