import {
  type Answer,
  type HttpClient,
  ImportError,
  type PluginDeclaration,
  type Query,
  type RequestOptions,
} from '@tributary/plugin-sdk'
import type { Clock } from '../clock.ts'
import { readBody } from './read-body.ts'

/** How a source's API is asked in this installation. */
export interface ApiClientOptions {
  plugin: PluginDeclaration
  clock: Clock
  /** The address to ask in place of the provider's own. */
  resolve(url: string): string
  /** Attaches the connection's secret; `refused`: the source refused the one before, give another. */
  authorize(refused: boolean): Promise<Record<string, string>>
  /** Called with every answer that is data. */
  received?(answer: Answer, raw: Buffer): void
}

const requestMs = 30_000

/** The client that a plugin asks its source with: declared hosts only, the connection's token attached by the core. */
export function createApiClient(options: ApiClientOptions): HttpClient {
  const { plugin } = options
  const hosts = hostsOf(plugin)

  async function ask(method: string, path: string, query: Query, request: RequestOptions): Promise<Answer> {
    const url = new URL(path, plugin.api.baseUrl)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    if (!hosts.has(url.host) || url.protocol !== 'https:') {
      throw new ImportError(
        'misconfigured',
        `${plugin.name} may not be asked at ${url.host}: its plugin does not declare it.`,
      )
    }
    let response = await send(method, url, request, false)
    if (response.status === 401) {
      await response.body?.cancel()
      response = await send(method, url, request, true)
    }
    const raw = await readBody(response, plugin.name)
    const answer = parse(raw)
    if (!response.ok) throw refusal(response, answer, options)
    if (answer === undefined) {
      throw new ImportError('unavailable', `${plugin.name} answered with something that is not JSON.`)
    }
    options.received?.(answer, raw)
    return answer
  }

  async function send(
    method: string,
    url: URL,
    request: RequestOptions,
    refused: boolean,
  ): Promise<Response> {
    const form = request.body instanceof URLSearchParams
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...plugin.api.headers,
      ...request.headers,
      ...(await options.authorize(refused)),
      ...(request.body === undefined || form ? {} : { 'content-type': 'application/json' }),
    }
    try {
      return await fetch(options.resolve(url.href), {
        method,
        headers,
        redirect: 'error',
        signal: AbortSignal.timeout(requestMs),
        ...(request.body === undefined
          ? {}
          : { body: form ? (request.body as URLSearchParams) : JSON.stringify(request.body) }),
      })
    } catch (cause) {
      throw new ImportError('unavailable', `${plugin.name} cannot be reached.`, { cause })
    }
  }

  return {
    get: (path, query = {}, request = {}) => ask('GET', path, query, request),
    post: (path, request = {}) => ask('POST', path, {}, request),
  }
}

function hostsOf({ api, auth }: PluginDeclaration): Set<string> {
  return new Set([
    ...[api.baseUrl, auth.authorizationUrl, auth.tokenUrl].map((url) => new URL(url).host),
    ...(api.hosts ?? []),
  ])
}

function parse(raw: Buffer): Answer {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
}

function refusal(response: Response, body: Answer, { plugin, clock }: ApiClientOptions): ImportError {
  const { status } = response
  const { name, retired } = plugin
  const code = plugin.api.errorCode?.(status, body)
  if (status === 429 || code === 'rate-limited') {
    return new ImportError('rate-limited', `${name} allows no more requests for now.`, {
      retryAt: clock.now().add({ seconds: waitSeconds(response, plugin) }),
    })
  }
  if (code) return new ImportError(code, `${name} refused the request (${status}).`)
  if (status === 401) return new ImportError('reauthorize', `${name} no longer accepts this authorization.`)
  if (status === 403) return new ImportError('misconfigured', `${name} does not allow this request (403).`)
  if (status === 410 && retired) return new ImportError('retired', retired.note)
  return new ImportError('unavailable', `${name} could not answer (${status}).`)
}

const shortestWait = 5
const usualWait = 60

/** Seconds by `Retry-After` (RFC 9110, 10.2.3) or the header that the source declares. */
function waitSeconds(response: Response, { api }: PluginDeclaration): number {
  const headers = [api.rateLimit?.resetSeconds, 'retry-after']
  const given = headers.flatMap((name) => (name ? [Number(response.headers.get(name) ?? Number.NaN)] : []))
  const seconds = Math.max(...given.filter(Number.isFinite), 0)
  return seconds > 0 ? Math.max(Math.ceil(seconds), shortestWait) : usualWait
}
