import {
  type Answer,
  type FetchRefusal,
  type HttpClient,
  ImportError,
  type PluginDeclaration,
  type Query,
  type RequestOptions,
} from '@tributary/plugin-sdk'
import type { Clock } from '../domain/clock.ts'
import { allowAddress } from './allow-address.ts'
import type { Outgoing } from './outgoing.ts'
import { parseAnswer } from './parse-answer.ts'
import { readBody } from './read-body.ts'
import { isAnswer, refusalOf, type ResponseReader } from './refusal.ts'

/** What a request is sent with, so that the source knows the connection. */
export interface Authorization {
  headers: Record<string, string>
  query?: Record<string, string>
}

/** How a source's API is asked in this installation. */
export interface ApiClientOptions {
  plugin: PluginDeclaration
  /** How the plugin reads responses that are no data. */
  reader: ResponseReader
  clock: Clock
  outgoing: Outgoing
  /** The address to ask in place of the provider's own. */
  resolve(url: string): string
  /** Attaches the connection's secret; in place of a refused one another, or the same where there is no other. */
  authorize(refused?: Authorization): Promise<Authorization>
  /** Waits until the source may be asked once more by its limits. */
  pace?(): Promise<void>
  /** Called with every answer that is data, and with the request that it answers: method, address without query, body. */
  received?(answer: Answer, raw: Buffer, request: string): void
  /** Called with each request that is sent, and with the bytes of each answer. */
  traffic?(requests: number, bytes: number): void
}

/** The client that a plugin asks its source with: declared hosts only, the connection's token attached by the core. */
export function createApiClient(options: ApiClientOptions): HttpClient {
  const { plugin, reader, clock } = options
  /** What `fetch` was refused and was not given since, by request. */
  const refused = new Map<string, FetchRefusal>()
  /** What was renewed was refused too, and nothing has been taken since: it is not renewed for each request again. */
  let renewedInVain = false

  /** Sends once, and once more with a renewed authorization where the source says that the first has ended. */
  async function send(url: URL, init: RequestInit): Promise<Response> {
    allowAddress(plugin, url)
    const first = await options.authorize()
    const response = await sendOnce(url, init, first)
    if (response.status !== 401) {
      renewedInVain = false
      return response
    }
    const other = renewedInVain ? undefined : await anotherThan(first, response)
    if (other === first) return response
    await response.body?.cancel()
    const again = other && (await sendOnce(url, init, other))
    if (again && again.status !== 401) return again
    await again?.body?.cancel()
    renewedInVain = true
    // The token server has just confirmed the grant: there is nothing that the person could do.
    throw new ImportError(
      'unavailable',
      `${plugin.name} refuses an authorization that it renewed a moment ago; it is asked again later.`,
    )
  }

  async function anotherThan(first: Authorization, response: Response): Promise<Authorization> {
    try {
      return await options.authorize(first)
    } catch (error) {
      await response.body?.cancel()
      throw error
    }
  }

  async function sendOnce(
    address: URL,
    init: RequestInit,
    { headers, query = {} }: Authorization,
  ): Promise<Response> {
    const url = new URL(options.resolve(address.href))
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const all = new Headers(init.headers)
    for (const [name, value] of Object.entries(headers)) all.set(name, value)
    await options.pace?.()
    options.traffic?.(1, 0)
    return options.outgoing.send(plugin.name, url, { ...init, headers: all })
  }

  async function ask(
    method: string,
    path: string,
    query: Query,
    { headers, body }: RequestOptions,
  ): Promise<Answer> {
    const url = new URL(path, plugin.api.baseUrl)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    const form = body instanceof URLSearchParams
    const content = body === undefined || form ? body : JSON.stringify(body)
    const response = await send(url, {
      method,
      headers: {
        accept: 'application/json',
        ...plugin.api.headers,
        ...headers,
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
      },
      ...(content === undefined ? {} : { body: content }),
    })
    const raw = await readBody(response, plugin.name)
    options.traffic?.(0, raw.length)
    const answer = parseAnswer(raw, plugin.name)
    if (!isAnswer(response) && !reader.isNoData(response.status, answer))
      throw refusalOf(response, answer, plugin, reader, clock.now())
    if (answer === undefined) {
      throw new ImportError('unavailable', `${plugin.name} answered with something that is not JSON.`)
    }
    options.received?.(answer, raw, `${method} ${url.origin}${url.pathname} ${content?.toString() ?? ''}`)
    return answer
  }

  return {
    get: (path, query = {}, request = {}) => ask('GET', path, query, request),
    post: (path, request = {}) => ask('POST', path, {}, request),
    async fetch(input, init) {
      const request = new Request(input, init)
      const key = `${request.method} ${request.url}`
      try {
        const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
        const response = await send(new URL(request.url), {
          method: request.method,
          headers: request.headers,
          ...(body ? { body } : {}),
        })
        const raw = await readBody(response, plugin.name)
        options.traffic?.(0, raw.length)
        const { status, headers } = response
        if (isAnswer(response)) refused.delete(key)
        else {
          const error = refusalOf(response, parseAnswer(raw, plugin.name), plugin, reader, clock.now())
          refused.set(key, { status, error })
        }
        return new Response([204, 205, 304].includes(status) ? null : new Uint8Array(raw), {
          status,
          headers,
        })
      } catch (error) {
        if (error instanceof ImportError) refused.set(key, { status: undefined, error })
        throw error
      }
    },
    takeRefusals() {
      const all = [...refused.values()]
      refused.clear()
      return all
    },
  }
}
