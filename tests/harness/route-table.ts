import { type EndpointName, endpoints, type TokenScope } from '../../packages/api/src/index.ts'

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
  scopes?: readonly TokenScope[]
}

const own: Pick<Expectation, 'for'> = { for: 'user' }
const admin: Pick<Expectation, 'for'> = { for: 'admin' }
const anybody: Pick<Expectation, 'for'> = { for: 'anybody' }

/** A request to each endpoint of the API. Who may send it is what the endpoint declares. */
const requests: Record<EndpointName, Omit<Expectation, 'for' | 'scopes'>> = {
  signIn: { status: 400, body: {} },
  enterCode: { status: 401, body: { code: '123456' } },
  signOut: { status: 200 },
  changeAccount: { status: 200, body: { timeZone: 'Europe/Berlin' } },
  deleteAccount: { status: 422, body: { password: 'wrong' } },
  exportAccount: { status: 200 },
  changePassword: { status: 422, body: { current: 'wrong', wanted: 'x' } },
  readSecondStep: { status: 200 },
  beginSecondStep: { status: 422, body: { password: 'wrong' } },
  confirmSecondStep: { status: 422, body: { code: '000000' } },
  endSecondStep: { status: 422, body: { password: 'wrong' } },
  listSessions: { status: 200 },
  endOtherSessions: { status: 200 },
  endSession: { status: 200, thing: 'session' },
  listTokens: { status: 200 },
  createToken: { status: 201, body: { name: 'x', scopes: ['read'], days: 1 } },
  revokeToken: { status: 200, thing: 'token' },
  readAuditLog: { status: 200, query: 'limit=1' },
  readConfiguration: { status: 200 },
  changeConfiguration: { status: 200, body: {} },
  createInvitation: { status: 201, body: {} },
  testPlugin: { status: 200, thing: 'plugin' },
  readSchedule: { status: 200 },
  listUsers: { status: 200 },
  changeUser: { status: 200, thing: 'user', body: {} },
  deleteUser: { status: 409, thing: 'user' },
  resetSecondStep: { status: 409, thing: 'user' },
  simulateAll: { status: 200 },
  readCoverage: { status: 200, query: 'plugin=fitbit&from=2026-01-01&to=2026-01-02' },
  listJobs: { status: 200 },
  watchJobs: { status: 200 },
  readJob: { status: 200, thing: 'job' },
  listRejections: { status: 200, thing: 'job', query: 'limit=1' },
  listTemplates: { status: 200 },
  createTemplate: { status: 201, body: { name: 'x', metrics: [] } },
  readTemplate: { status: 200, thing: 'template' },
  replaceTemplate: {
    status: 200,
    thing: 'template',
    body: { name: 'x', metrics: [] },
  },
  deleteTemplate: { status: 200, thing: 'template' },
  orderTemplates: { status: 422, body: { ids: [] } },
  listChanges: { status: 200, query: 'since=2026-01-01' },
  compareSources: {
    status: 200,
    query: 'metric=metric.steps&from=2026-01-01&to=2026-01-02',
  },
  readDailyValues: { status: 200, query: 'from=2026-01-01&to=2026-01-02' },
  explainValue: { status: 200, query: 'metric=fitbit.steps&date=2026-01-01' },
  lookAtDay: { status: 200, body: { date: '2026-01-01' } },
  enterValue: {
    status: 200,
    body: { metric: 'fitbit.steps', date: '2026-01-01', value: null },
  },
  readSplitValues: {
    status: 200,
    query: 'metric=wakatime.codingTimeByProject&from=2026-01-01&to=2026-01-02',
  },
  listPlugins: { status: 200 },
  readPlugin: { status: 200, thing: 'plugin' },
  changeConnection: { status: 200, thing: 'plugin', body: { enabled: true } },
  disconnect: { status: 200, thing: 'plugin', query: 'data=keep' },
  startAuthorization: { status: 302, thing: 'plugin', unknown: 302 },
  finishAuthorization: { status: 302, thing: 'plugin', unknown: 302 },
  setKey: { status: 400, thing: 'plugin', body: {}, unknown: 400 },
  readRemap: { status: 200, thing: 'plugin' },
  changeRemap: {
    status: 400,
    thing: 'plugin',
    body: {},
    unknown: 400,
  },
  sync: {
    status: 400,
    thing: 'plugin',
    body: { x: 1 },
    unknown: 400,
  },
  upload: { status: 400, thing: 'plugin', unknown: 400 },
  guessFile: { status: 409, thing: 'plugin' },
  listUploads: { status: 409, thing: 'plugin' },
  undoUpload: { status: 200, thing: 'upload' },
  readRawPage: { status: 200, thing: 'raw-page' },
  preferSources: { status: 200, body: { order: [] } },
  readApiDocument: { status: 200 },
}

const api = Object.entries(requests).map(([name, request]) => {
  const { method, path, for: who, scopes } = endpoints[name as EndpointName]
  return [`${method} ${path}`, { ...request, for: who, scopes }] as const
})

const pages: Record<string, Expectation> = {
  'any /api/[...path]': { ...anybody, status: 404 },
  'GET /healthz': { ...anybody, status: 200 },
  'GET /readyz': { ...anybody, status: 200 },
  'POST /sign-out': { ...anybody, status: 303 },
  'GET /sign-in/link/[token]': { ...anybody, status: 410 },
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

/** Who may do what, for every route and method of the app. */
export const routeTable: Record<string, Expectation> = { ...Object.fromEntries(api), ...pages }
