import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import { Readable } from 'node:stream'
import { ImportError } from '@tributary/plugin-sdk'
import { isPublicAddress } from './guard-address.ts'
import { inflate } from './inflate.ts'
import { pinnedLookup, type Resolve, resolveHost } from './pinned-lookup.ts'

/** How long a request may take, in milliseconds: to connect, until its answer begins, and in all. */
export interface TimeLimits {
  connect: number
  answer: number
  whole: number
}

export interface OutgoingOptions {
  /** Hosts (with port) without TLS or in a private network that an admin allows. */
  privateHosts: readonly string[]
  resolve?: Resolve
  /** In place of the usual ones and of those of a request. */
  limits?: Partial<TimeLimits>
}

/** The one way out: all that is asked of providers goes through it. */
export interface Outgoing {
  /**
   * Sends one request and follows no redirect. Only public addresses are asked, and those by TLS, but for hosts that an
   * admin allows. Throws an `ImportError`; a status that is no success is none.
   */
  send(source: string, url: URL, init?: RequestInit, limits?: Partial<TimeLimits>): Promise<Response>
}

const usualLimits: TimeLimits = { connect: 10_000, answer: 30_000, whole: 90_000 }
/** Shorter than the five seconds after which many servers close an idle connection. */
const idleMs = 4000

/** What belongs to a connection and not to whoever asks. */
const notTheirs = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
]

export function createOutgoing({ privateHosts, resolve = resolveHost, limits }: OutgoingOptions): Outgoing {
  const allowed = new Set(privateHosts.map((host) => host.toLowerCase()))
  const kept = { keepAlive: true, timeout: idleMs }
  const agents = {
    guarded: new https.Agent({ ...kept, lookup: pinnedLookup(resolve) }),
    'https:': new https.Agent(kept),
    'http:': new http.Agent(kept),
  }

  return {
    async send(source, url, init = {}, own = {}) {
      const isAllowed = allowed.has(url.host)
      refuse(source, url, isAllowed)
      const request = new Request(url, { ...init, redirect: 'manual' })
      const headers = new Headers(request.headers)
      for (const name of notTheirs) headers.delete(name)
      if (!headers.has('accept-encoding')) headers.set('accept-encoding', 'gzip, br')
      if (!headers.has('user-agent')) headers.set('user-agent', 'Tributary')
      const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
      if (body) headers.set('content-length', String(body.length))
      const client = (url.protocol === 'https:' ? https : http).request(url, {
        agent: isAllowed ? agents[url.protocol as 'https:' | 'http:'] : agents.guarded,
        method: request.method,
        headers: Object.fromEntries(headers),
      })
      client.end(body)
      return answerOf(source, client, { ...usualLimits, ...own, ...limits })
    },
  }
}

/** Throws where an address may not be asked whatever its name leads to. */
function refuse(source: string, url: URL, isAllowed: boolean): void {
  const fault = (why: string) =>
    new ImportError('misconfigured', `${source} may not be asked at ${url.host} ${why}`)
  if (url.username || url.password) throw fault('with a name or password in the address.')
  if (url.protocol !== 'https:' && !(isAllowed && url.protocol === 'http:')) {
    throw fault('without TLS; TRIBUTARY_ALLOWED_PRIVATE_HOSTS can allow it.')
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!isAllowed && isIP(host) && !isPublicAddress(host)) {
    throw fault('in a private network; TRIBUTARY_ALLOWED_PRIVATE_HOSTS can allow it.')
  }
}

function answerOf(source: string, client: ClientRequest, limits: TimeLimits): Promise<Response> {
  const slow = (ms: number) =>
    setTimeout(
      () => client.destroy(new ImportError('unavailable', `${source} did not answer in time.`)),
      ms,
    ).unref()
  const [connect, answer, whole] = [slow(limits.connect), slow(limits.answer), slow(limits.whole)]
  client.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => clearTimeout(connect))
    else clearTimeout(connect)
  })
  return new Promise<Response>((resolve, reject) => {
    client.once('response', (message) => {
      for (const timer of [connect, answer]) clearTimeout(timer)
      message.once('close', () => clearTimeout(whole))
      try {
        resolve(toResponse(source, message))
      } catch (error) {
        client.destroy()
        reject(error as Error)
      }
    })
    client.on('error', (cause) => {
      for (const timer of [connect, answer, whole]) clearTimeout(timer)
      if (cause instanceof ImportError) reject(cause)
      else reject(new ImportError('unavailable', `${source} cannot be reached.`, { cause }))
    })
  })
}

const redirects = [301, 302, 303, 307, 308]
const withoutBody = [204, 205, 304]

function toResponse(source: string, message: IncomingMessage): Response {
  const { statusCode: status = 0, rawHeaders } = message
  // Wherever it leads, the request with its secrets was meant for the declared host alone.
  if (redirects.includes(status))
    throw new ImportError('unavailable', `${source} sent the request elsewhere, which is not followed.`)
  if (status < 200 || status > 599)
    throw new ImportError('unavailable', `${source} answered with a status that there is not (${status}).`)
  const headers = new Headers()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  }
  headers.delete('content-encoding')
  headers.delete('content-length')
  if (withoutBody.includes(status)) {
    message.resume()
    return new Response(null, { status, headers })
  }
  return new Response(Readable.toWeb(inflate(message, source)) as ReadableStream, { status, headers })
}
