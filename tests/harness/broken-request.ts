import { routeTable } from './route-table.ts'
import type { Random } from './random.ts'

/** A request as bytes. The server waits for the rest of one that is not `complete`, so that its client has to hang up. */
export interface BrokenRequest {
  bytes: Buffer
  complete: boolean
}

const nobodysId = '00000000-0000-4000-8000-000000000000'
const oddValues = [
  null,
  '',
  0,
  -1,
  1e308,
  true,
  [],
  {},
  '\u0000',
  '\ud800',
  '9999-99-99',
  'x'.repeat(5000),
  [[[[{}]]]],
] as const
const oddTexts = [
  '%00',
  '%ff',
  '%',
  '..%2f',
  '%f0%9f%98%80',
  "'--",
  '${x}',
  '-1',
  'x'.repeat(3000),
  '2026-02-30',
  '[]',
  'null',
] as const
const boundary = 'border'
const part = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\ndate,v\n2026-11-01,1\n\r\n--${boundary}--\r\n`

/** One of countless broken forms of a request to a route (`METHOD /path`, as the route table spells it). */
export function breakRequest(
  route: string,
  { cookie, host }: { cookie: string; host: string },
  random: Random,
): BrokenRequest {
  const [verb = '', path = ''] = route.split(' ')
  const { query = '', body } = routeTable[route] ?? {}
  const method = verb === 'any' ? random.oneOf(['GET', 'POST', 'PUT']) : verb
  const address = oddAddress(path.replace('?/', '?'), query, random)
  const content = oddBody(body, random)
  const headers: Record<string, string> = {
    host,
    cookie,
    origin: `http://${host}`,
    connection: 'close',
    'content-type': contentType(path, random),
    'content-length': String(content.length),
    ...oddHeaders(random),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = Buffer.from(`${method} ${address} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  const bytes = Buffer.concat([head, content])
  const cut = random.below(4) === 0 ? random.below(bytes.length) : bytes.length
  const announced = 'transfer-encoding' in headers ? Infinity : Number(headers['content-length'])
  return { bytes: bytes.subarray(0, cut), complete: cut === bytes.length && announced <= content.length }
}

function oddAddress(path: string, query: string, random: Random): string {
  const filled = path.replaceAll(/\[[^\]]+\]|\{\w+\}/g, (hole, at: number) => {
    if (random.below(3) === 0) return random.oneOf(oddTexts)
    if (hole.includes('=plugin') || path.slice(0, at).endsWith('/plugins/'))
      return random.oneOf(['fitbit', 'csv', 'google-health', 'nothing'])
    return hole.includes('=uuid') || hole === '{id}' || hole === '{upload}'
      ? nobodysId
      : random.oneOf(['1', 'x', 'metric.steps', '2026-11-01'])
  })
  const parameters = query.split('&').filter(Boolean)
  if (random.below(2) === 0) parameters.push(`${random.oneOf(oddTexts)}=${random.oneOf(oddTexts)}`)
  const odd = parameters.map((parameter) =>
    random.below(3) === 0 ? `${parameter.split('=')[0]}=${random.oneOf(oddTexts)}` : parameter,
  )
  return odd.length === 0 ? filled : `${filled}${filled.includes('?') ? '&' : '?'}${odd.join('&')}`
}

function oddBody(body: unknown, random: Random): Buffer {
  const whole =
    body instanceof URLSearchParams
      ? Buffer.from(`email=${random.oneOf(oddTexts)}&password=${random.oneOf(oddTexts)}`)
      : body === undefined
        ? Buffer.from(part)
        : Buffer.from(JSON.stringify(random.below(2) === 0 ? body : oddObject(body, random)))
  switch (random.below(5)) {
    case 0:
      return whole.subarray(0, random.below(whole.length + 1))
    case 1:
      return random.bytes(random.below(200))
    case 2:
      whole[random.below(whole.length)] = random.below(256)
      return whole
    default:
      return whole
  }
}

function oddObject(body: unknown, random: Random): unknown {
  if (typeof body !== 'object' || body === null) return random.oneOf(oddValues)
  const odd: Record<string, unknown> = { ...body }
  const names = [...Object.keys(odd), 'unknown', '__proto__']
  odd[names[random.below(names.length)] ?? ''] = random.oneOf(oddValues)
  return odd
}

function contentType(path: string, random: Random): string {
  const usual = path.endsWith('/upload') ? `multipart/form-data; boundary=${boundary}` : 'application/json'
  if (random.below(4) > 0) return usual
  return random.oneOf([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary=${'b'.repeat(500)}`,
    'application/x-www-form-urlencoded',
    'text/plain; charset=utf-16',
    'application/json; charset=nothing',
    ';;;',
  ])
}

function oddHeaders(random: Random): Record<string, string> {
  const odd: Record<string, string>[] = [
    {},
    { authorization: 'Bearer' },
    { authorization: `Bearer trib_${'x'.repeat(43)}` },
    { authorization: 'Basic \u00ff\u00ff' },
    { cookie: '=;=;\u00ff=' },
    { 'content-encoding': 'gzip' },
    { 'transfer-encoding': 'chunked' },
    { 'content-length': '-1' },
    { 'content-length': '100000' },
    { accept: 'text/html' },
    { accept: '\u00ff' },
    { range: 'bytes=5-1' },
    { 'x-forwarded-for': "'; --" },
    { 'x-http-method-override': 'DELETE' },
    { origin: 'null' },
    { expect: '100-continue' },
    { 'accept-language': 'x'.repeat(4000) },
  ]
  return odd[random.below(odd.length)] ?? {}
}
