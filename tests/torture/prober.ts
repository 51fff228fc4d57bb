import { setTimeout as pause } from 'node:timers/promises'
import type { HttpUser } from '../harness/http-user.ts'

/** What somebody who uses the application met while others were in trouble. */
export interface Probed {
  requests: number
  slowestMs: number
  /** What the slowest response was to. */
  slowestPath: string
  /** Responses 503, and the longest time between the first of them and the next page. */
  unavailable: number
  longestOutageMs: number
  /** Redirects to the sign-in and 401. */
  signedOut: number
  /** Any other response, and requests without one, as sentences. */
  failed: string[]
}

export interface Prober {
  /** Requests nothing until `resume`: the application is not supposed to run. */
  pause(): Promise<void>
  resume(): void
  /** Resolves when every address that is requested has been answered well since. */
  allAnswer(): Promise<void>
  stop(): Promise<Probed>
}

const everyMs = 200
const patienceMs = 100_000

/** Requests pages and an API route without an end, as a signed-in user, and measures each response. */
export function startProber(url: string, user: HttpUser): Prober {
  const probed: Probed = {
    requests: 0,
    slowestMs: 0,
    slowestPath: '',
    unavailable: 0,
    longestOutageMs: 0,
    signedOut: 0,
    failed: [],
  }
  let stopped = false
  const answeredAt = new Map<string, number>()
  let loops: Promise<void>[] = []

  async function request(path: string, accept: string): Promise<number> {
    const response = await fetch(url + path, {
      redirect: 'manual',
      headers: { cookie: user.cookie(), accept },
      signal: AbortSignal.timeout(patienceMs),
    })
    await response.arrayBuffer()
    return response.status
  }

  async function probe(path: string, accept: string): Promise<void> {
    let outageBegan: number | undefined
    while (!stopped) {
      const began = performance.now()
      let status = 0
      try {
        status = await request(path, accept)
      } catch (error) {
        probed.failed.push(`${path}: ${describe(error)}`)
      }
      const ended = performance.now()
      probed.requests += 1
      if (ended - began > probed.slowestMs)
        Object.assign(probed, { slowestMs: ended - began, slowestPath: path })
      if (status === 200) {
        if (outageBegan !== undefined)
          probed.longestOutageMs = Math.max(probed.longestOutageMs, ended - outageBegan)
        outageBegan = undefined
        answeredAt.set(path, began)
      } else if (status === 503) {
        outageBegan ??= began
        probed.unavailable += 1
      } else if (status === 401 || status === 303) probed.signedOut += 1
      else if (status !== 0) probed.failed.push(`${path}: ${status}`)
      await pause(everyMs)
    }
    if (outageBegan !== undefined)
      probed.longestOutageMs = Math.max(probed.longestOutageMs, performance.now() - outageBegan)
  }

  function begin(): void {
    const to = new Date().toISOString().slice(0, 10)
    const from = new Date(Date.now() - 6 * 86_400_000).toISOString().slice(0, 10)
    loops = [
      probe('/today', 'text/html'),
      probe(`/api/metrics/daily?from=${from}&to=${to}`, 'application/json'),
      probe('/api/plugins', 'application/json'),
    ]
  }
  async function halt(): Promise<void> {
    stopped = true
    await Promise.all(loops)
  }
  begin()

  return {
    pause: halt,
    resume() {
      stopped = false
      begin()
    },
    async allAnswer() {
      const since = performance.now()
      while ([...answeredAt.values()].some((at) => at < since)) await pause(10)
    },
    async stop() {
      await halt()
      return probed
    },
  }
}

function describe(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? `${message} (${cause.message})` : message
}
