import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DayValues, Lab, LabEnvironment, SimulatedService } from '@tributary/plugin-sdk/testing'
import type { Entry, Page } from './moods-plugin.ts'

const zone = 'Europe/Berlin'
const pageSize = 50
const tokenSeconds = 3600
const credentials = { clientId: 'moods-client', clientSecret: 'moods-secret' }

interface Reply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

/** A simulated service as a plugin's author writes one: OAuth with rotating refresh tokens, and hourly entries in pages. */
export const moodsLab: Lab = {
  async start(environment) {
    const entries = createEntries(environment)
    const oauth = createOAuth(environment)

    function reply(url: URL, form: URLSearchParams, authorization: string | undefined): Reply {
      if (url.pathname === '/oauth/authorize') return oauth.authorize(url)
      if (url.pathname === '/oauth/token') return oauth.token(form)
      if (!oauth.isValid(authorization)) return { status: 401, body: {} }
      if (url.pathname === '/me') return { status: 200, body: { id: 'moods-7' } }
      return { status: 200, body: entries.page(url.searchParams) }
    }

    const server = createServer((request, response) => {
      void (async () => {
        let text = ''
        for await (const chunk of request) text += String(chunk)
        const url = new URL(request.url ?? '/', 'http://moods.invalid')
        const { status, body, headers } = reply(url, new URLSearchParams(text), request.headers.authorization)
        response.writeHead(status, { 'content-type': 'application/json', ...headers })
        response.end(body === undefined ? '' : JSON.stringify(body))
      })()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const service: SimulatedService = {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      zone,
      credentials,
      days: entries.days,
      revise: entries.revise,
      remove: entries.remove,
      async close() {
        const closed = once(server, 'close')
        server.close()
        server.closeAllConnections()
        await closed
      },
    }
    return service
  },
}

/** The entries of every hour: none on every sixth day, and a mood in every fifth hour of every other day. */
function createEntries({ now }: LabEnvironment) {
  const doubled = new Set<string>()
  const removed = new Set<string>()

  function entryAt(at: Temporal.Instant): Entry[] {
    const local = at.toZonedDateTimeISO(zone)
    const date = local.toPlainDate().toString()
    if (local.dayOfYear % 6 === 0 || Temporal.Instant.compare(at, now()) > 0) return []
    const mood = local.dayOfYear % 2 === 1 && local.hour % 5 === 0 ? 40 + local.day : null
    const steps = (local.day * 24 + local.hour) * (doubled.has(date) ? 2 : 1)
    const entry = { id: at.toString(), at: at.toString(), steps, mood }
    return [removed.has(date) ? { ...entry, deleted: true } : entry]
  }

  function between(from: Temporal.Instant, until: Temporal.Instant): Entry[] {
    const hours = Math.max(0, Math.floor(from.until(until).total('hours')))
    return Array.from({ length: hours }, (_, hour) => from.add({ hours: hour })).flatMap(entryAt)
  }

  function dayValues(day: Temporal.PlainDate): DayValues {
    const from = day.toZonedDateTime(zone).toInstant()
    const until = day.add({ days: 1 }).toZonedDateTime(zone).toInstant()
    const entries = between(from, until).filter(({ deleted }) => !deleted)
    const steps = entries.length === 0 ? null : entries.reduce((sum, entry) => sum + entry.steps, 0)
    const mood = entries.findLast((entry) => entry.mood !== null)?.mood ?? null
    return { date: day.toString(), values: { steps, mood } }
  }

  return {
    page(query: URLSearchParams): Page {
      const start = Number(query.get('page') ?? 0)
      const instant = (name: string) => Temporal.Instant.from(query.get(name) ?? '')
      const found = between(instant('from'), instant('until'))
      const end = start + pageSize
      return { entries: found.slice(start, end), ...(end < found.length ? { next: String(end) } : {}) }
    },
    async days(from: string, to: string): Promise<DayValues[]> {
      const first = Temporal.PlainDate.from(from)
      const count = first.until(to).days + 1
      return Array.from({ length: count }, (_, days) => dayValues(first.add({ days })))
    },
    revise: (date: string) => void doubled.add(date),
    remove: (date: string) => void removed.add(date),
  }
}

/** An authorization server whose refresh tokens serve once. */
function createOAuth({ now, redirectUri }: LabEnvironment) {
  const codes = new Set<string>()
  const refreshTokens = new Set<string>()
  const accessTokens = new Map<string, Temporal.Instant>()

  function issue(): Reply {
    const [access, refresh] = [randomUUID(), randomUUID()]
    accessTokens.set(access, now().add({ seconds: tokenSeconds }))
    refreshTokens.add(refresh)
    const body = {
      access_token: access,
      refresh_token: refresh,
      expires_in: tokenSeconds,
      token_type: 'bearer',
    }
    return { status: 200, body }
  }

  return {
    authorize(url: URL): Reply {
      const code = randomUUID()
      codes.add(code)
      const callback = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '' })
      return { status: 303, headers: { location: `${redirectUri}?${callback}` } }
    },
    token(form: URLSearchParams): Reply {
      const { clientId, clientSecret } = credentials
      if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
        return { status: 401, body: { error: 'invalid_client' } }
      const isKnown =
        form.get('grant_type') === 'refresh_token'
          ? refreshTokens.delete(form.get('refresh_token') ?? '')
          : codes.delete(form.get('code') ?? '')
      return isKnown ? issue() : { status: 400, body: { error: 'invalid_grant' } }
    },
    isValid(authorization: string | undefined): boolean {
      const ends = accessTokens.get(authorization?.replace('Bearer ', '') ?? '')
      return ends !== undefined && Temporal.Instant.compare(ends, now()) > 0
    },
  }
}
