import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from '../http/answer.ts'
import type { Answer } from '../http/answer.ts'
import { labRequest } from '../http/lab-request.ts'
import type { LabRequest } from '../http/lab-request.ts'
import { createFaultQueue } from './fault-plan.ts'
import type { FaultPlan } from './fault.ts'
import { respond } from './respond.ts'
import { createPageTurner } from './turn-pages.ts'
import type { Paging } from './turn-pages.ts'

export interface FaultProxyOptions {
  /** The service's name, as faults have it; requests arrive under `/NAME/`. */
  readonly source: string
  /** Where the service is, without a slash at its end. */
  readonly target: string
  readonly clock: () => Temporal.Instant
  readonly paging?: Paging | undefined
}

/** Stands before a service that knows no faults, and puts those of the lab on it. */
export interface FaultProxy {
  /** `http://127.0.0.1:PORT`: the service's own paths lie under `/NAME/`. */
  readonly url: string
  readonly faults: FaultPlan
  /** How many requests came. */
  requests(): number
  close(): Promise<void>
}

/** What belongs to a connection, or is no longer so once a body was read. */
const ofConnection = [
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]

export async function startFaultProxy({
  source,
  target,
  clock,
  paging,
}: FaultProxyOptions): Promise<FaultProxy> {
  const faults = createFaultQueue()
  const turn = createPageTurner((request) => forward(target, request), paging)
  let count = 0

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    count += 1
    const { pathname, search, searchParams } = new URL(incoming.url ?? '/', 'http://proxy.invalid')
    const path = pathname.slice(`/${source}`.length)
    const request = labRequest(incoming, path, searchParams)
    const body = await request.text()
    const fault = faults.take({ source, path: path + search, body, at: clock(), consent: undefined })
    const pages = typeof fault === 'object' && 'pages' in fault ? fault.pages : undefined
    await respond(response, fault, () => turn(request, pages))
  }

  const server = createServer(
    (incoming, response) =>
      void handle(incoming, response).catch((error: unknown) => {
        const { status, headers, body } = json(502, { error: String(error) })
        if (response.headersSent) response.destroy()
        else response.writeHead(status, headers).end(body)
      }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    requests: () => count,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function forward(target: string, request: LabRequest): Promise<Answer> {
  const { method, path, query, headers } = request
  const search = query.size > 0 ? `?${query}` : ''
  const sent = Object.entries(headers).filter(([name]) => !ofConnection.includes(name))
  const body = await request.text()
  const response = await fetch(`${target}${path}${search}`, {
    method,
    headers: sent.map(([name, value]) => [name, String(value)] as [string, string]),
    redirect: 'manual',
    ...(body ? { body } : {}),
  })
  const received = [...response.headers].filter(([name]) => !ofConnection.includes(name))
  return { status: response.status, headers: Object.fromEntries(received), body: await response.text() }
}
