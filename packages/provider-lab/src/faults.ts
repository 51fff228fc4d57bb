import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { json } from './http/answer.ts'
import type { Answer } from './http/answer.ts'

/** What goes wrong with a request instead of, or after, the provider's own answer. */
export type FaultResponse =
  /** This answer; the provider never sees the request. A body that is no string is sent as JSON. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** No answer: the connection stays open until the client gives up or the lab closes. */
  | 'hang'
  /** The provider's answer, cut in the middle of its body. */
  | 'truncate'
  /** The connection breaks after the provider did its work: its answer is lost. */
  | 'lose'
  /** The provider's answer, late. */
  | { readonly delayMs: number }

export interface Fault {
  readonly source: string
  /** Tested against path and query, without the lab's prefix: `/1/user/-/profile.json`. */
  readonly path: RegExp
  /** How many matching requests it befalls; 1 unless said. */
  readonly times?: number
  readonly respond: FaultResponse
}

/** Faults on command, for tests. The oldest that matches befalls a request. */
export interface FaultPlan {
  add(fault: Fault): void
  clear(): void
}

export interface FaultQueue extends FaultPlan {
  take(source: string, path: string): FaultResponse | undefined
}

export function createFaultQueue(): FaultQueue {
  let planned: { fault: Fault; left: number }[] = []
  return {
    add(fault) {
      planned.push({ fault, left: fault.times ?? 1 })
    },
    clear() {
      planned = []
    },
    take(source, path) {
      const found = planned.find(({ fault }) => fault.source === source && path.search(fault.path) >= 0)
      if (!found) return undefined
      found.left -= 1
      if (found.left <= 0) planned = planned.filter((entry) => entry !== found)
      return found.fault.respond
    },
  }
}

/** Answers a request, with the fault where there is one. */
export async function respond(
  response: ServerResponse,
  fault: FaultResponse | undefined,
  provider: () => Promise<Answer>,
): Promise<void> {
  if (fault === 'hang') return
  if (typeof fault === 'object' && 'status' in fault) return send(response, inPlaceOf(fault))
  const answer = await provider()
  if (fault === 'lose') {
    response.destroy()
  } else if (fault === 'truncate') {
    const body = Buffer.from(answer.body)
    response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy())
  } else {
    if (fault) await wait(fault.delayMs)
    send(response, answer)
  }
}

function inPlaceOf({ status, headers = {}, body = '' }: Extract<FaultResponse, { status: number }>): Answer {
  return typeof body === 'string' ? { status, headers, body } : json(status, body, { ...headers })
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const content = Buffer.from(body)
  response.writeHead(status, { ...headers, 'content-length': content.length }).end(content)
}
