import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { json } from '../http/answer.ts'
import type { Answer } from '../http/answer.ts'
import type { FaultResponse } from './fault.ts'

const ENDLESS = Buffer.from('{"more":'.repeat(8192))

/** Answers a request, with the fault where there is one; faults of pages have befallen the provider's answer before. */
export async function respond(
  response: ServerResponse,
  fault: FaultResponse | undefined,
  provider: () => Promise<Answer>,
): Promise<void> {
  if (fault === 'hang') return
  if (fault === 'refuse') return void response.destroy()
  if (fault === 'endless-body') return sendEndless(response)
  if (typeof fault === 'object' && 'status' in fault) return send(response, inPlaceOf(fault))
  const answer = await provider()
  if (fault === 'lose') response.destroy()
  else if (fault === 'truncate') truncate(response, answer)
  else if (fault && 'dripBytes' in fault) await drip(response, answer, fault)
  else {
    if (fault && 'delayMs' in fault) await wait(fault.delayMs)
    const body = fault && 'edit' in fault ? fault.edit(answer.body) : answer.body
    send(response, { ...answer, body })
  }
}

function inPlaceOf({ status, headers = {}, body = '' }: Extract<FaultResponse, { status: number }>): Answer {
  return typeof body === 'string' ? { status, headers, body } : json(status, body, { ...headers })
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const content = Buffer.from(body)
  response.writeHead(status, { ...headers, 'content-length': content.length }).end(content)
}

function truncate(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy())
}

async function drip(
  response: ServerResponse,
  { status, headers, body }: Answer,
  { dripBytes, everyMs }: Extract<FaultResponse, { dripBytes: number }>,
): Promise<void> {
  const content = Buffer.from(body)
  response.writeHead(status, { ...headers, 'content-length': content.length })
  for (let at = 0; at < content.length && !response.destroyed; at += dripBytes) {
    response.write(content.subarray(at, at + dripBytes))
    await wait(everyMs)
  }
  response.end()
}

/** Goes no faster than the client reads, and ends when it has gone. */
async function sendEndless(response: ServerResponse): Promise<void> {
  const gone = once(response, 'close').then(() => true)
  response.writeHead(200, { 'content-type': 'application/json;charset=UTF-8' })
  for (let over = false; !over;) {
    if (!response.write(ENDLESS)) over = (await Promise.race([gone, once(response, 'drain')])) === true
  }
}
