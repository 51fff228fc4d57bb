import { randomUUID } from 'node:crypto'
import {
  BaseIntegrationHandler,
  definePlugin,
  type FetchRequest,
  type HttpClient,
  importErrorCode,
  type MappedRecord,
  type MapContext,
  type OAuth2,
  type OAuth2Helper,
  type PluginDeclaration,
  type RejectedRecord,
  type Stream,
  type TokenSet,
} from '@tributary/plugin-sdk'
import { type Entry, fetchPages, mapEntry, moods, type Page, startOf, uniqueEntries } from './moods-plugin.ts'

/** A plugin that breaks one rule. */
export interface BrokenPlugin {
  name: string
  /** The rule that it breaks. */
  rule: string
  /** The message of the rule. */
  because: RegExp
  plugin: BaseIntegrationHandler
}

const { entries: stream } = moods.streams as { entries: Stream<Page> }

const withStream = (changes: Partial<Stream<Page>>) =>
  definePlugin({ ...moods, streams: { entries: { ...stream, ...changes } as Stream } })
const withApi = (changes: Partial<PluginDeclaration['api']>) =>
  definePlugin({ ...moods, api: { ...moods.api, ...changes } })
const withMapping = (map: (entry: Entry) => Iterable<MappedRecord | RejectedRecord>) =>
  withStream({
    *mapData(pages) {
      for (const entry of uniqueEntries(pages)) yield* map(entry)
    },
  })

/** Fetches by a client that has an empty page for some errors. */
const withEmptyPageFor = (isForgiven: (error: unknown) => boolean) =>
  withStream({
    fetchData(request) {
      const get = async (...of: Parameters<HttpClient['get']>): Promise<Page> => {
        try {
          return await request.http.get(...of)
        } catch (error) {
          if (isForgiven(error)) return { entries: [] }
          throw error
        }
      }
      return stream.fetchData({ ...request, http: { ...request.http, get } })
    },
  })

const hasCode = (code: string) => (error: unknown) => importErrorCode(error) === code
const hasStatus = (status: number) => (error: unknown) => (error as { status?: number }).status === status

class OldRefreshToken extends BaseIntegrationHandler {
  readonly plugin = moods

  override async refreshTokens(
    oauth: OAuth2Helper,
    tokens: Pick<TokenSet, 'accessToken'> & { refreshToken: string },
  ): Promise<TokenSet> {
    return { ...(await oauth.refresh(tokens.refreshToken)), refreshToken: tokens.refreshToken }
  }
}

/** Makes daily values by itself of all items that it was sent. */
function* sumOfDays(pages: Page[], { zone }: MapContext): Iterable<MappedRecord> {
  const days = new Map<string, { steps: number; mood: number | null }>()
  for (const { at, steps, mood, deleted } of pages.flatMap((page) => page.entries)) {
    if (deleted) continue
    const date = Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate().toString()
    const day = days.get(date) ?? { steps: 0, mood: null }
    days.set(date, { steps: day.steps + steps, mood: mood ?? day.mood })
  }
  for (const [date, fields] of days) yield { date, fields }
}

const seen = new Map<string, Entry>()

export const brokenPlugins: BrokenPlugin[] = [
  {
    name: 'sends its client secret where the service does not look for it',
    rule: 'a user connects an account',
    because: /client ID/,
    plugin: definePlugin({ ...moods, auth: { ...(moods.auth as OAuth2), clientAuth: 'header' } }),
  },
  {
    name: 'stores the first refresh token again',
    rule: 'an expired token is renewed, and again after its refresh token was replaced',
    because: /the import after the second renewal/,
    plugin: new OldRefreshToken(),
  },
  {
    name: 'makes up an id for an account without one',
    rule: 'an account without an id is not connected',
    because: /connecting is refused/,
    plugin: withApi({ identify: async (http) => ({ id: (await http.get('/me')).id ?? 'unknown' }) }),
  },
  {
    name: 'fetches the first page alone',
    rule: 'the first import brings every value, and none where the source has none',
    because: /steps is/,
    plugin: withStream({
      async *fetchData({ http, from, to, zone }) {
        const until = Temporal.PlainDate.from(to).add({ days: 1 }).toString()
        yield await http.get('/entries', { from: startOf(from, zone), until: startOf(until, zone) })
      },
    }),
  },
  {
    name: 'leaves the last page out',
    rule: 'the first import brings every value, and none where the source has none',
    because: /steps is/,
    plugin: withStream({
      async *fetchData(request) {
        for await (const page of stream.fetchData(request)) if ((page as Page).next) yield page
      },
    }),
  },
  {
    name: 'maps a missing value to zero',
    rule: 'the first import brings every value, and none where the source has none',
    because: /mood is 0 and not null/,
    plugin: withMapping((entry) => mapEntry({ ...entry, mood: entry.mood ?? 0 })),
  },
  {
    name: 'names another origin each time',
    rule: 'a repeated import writes nothing',
    because: /unchanged/,
    plugin: withStream({
      *mapData(pages) {
        const origin = randomUUID()
        for (const record of uniqueEntries(pages).flatMap((entry) => [...mapEntry(entry)]))
          yield { ...record, origin }
      },
    }),
  },
  {
    name: 'returns what it saw first',
    rule: 'a late revision arrives',
    because: /after a revision/,
    plugin: withMapping((entry) => {
      const first = seen.get(entry.id) ?? entry
      seen.set(entry.id, first)
      return mapEntry(first)
    }),
  },
  {
    name: 'ignores that an entry was deleted',
    rule: 'a deletion at the source arrives',
    because: /steps is \d+ and not null/,
    plugin: withMapping((entry) => mapEntry({ ...entry, deleted: false })),
  },
  {
    name: 'throws on a record that it cannot read',
    rule: 'one record that cannot be read is rejected, and the rest is stored',
    because: /the import ends as/,
    plugin: withMapping((entry) => {
      if (typeof entry.steps !== 'number') throw new TypeError('steps: expected a number')
      return mapEntry(entry)
    }),
  },
  {
    name: 'takes each day for 24 hours',
    rule: 'a day on which clocks change has what belongs to it',
    because: /around a change of the clocks/,
    plugin: withStream({
      fetchData({ http, from, to, zone }: FetchRequest) {
        const days = Temporal.PlainDate.from(from).until(to).days + 1
        const start = Temporal.Instant.from(startOf(from, zone))
        return fetchPages({ http }, start.toString(), start.add({ hours: 24 * days }).toString())
      },
    }),
  },
  {
    name: 'counts an item of two pages twice',
    rule: 'an item that shifts to the next page while pages are fetched counts once',
    because: /steps is/,
    plugin: withStream({ mapData: sumOfDays }),
  },
  {
    name: 'takes 401 for an empty page',
    rule: '401 to every request is no success, and the connection shows it',
    because: /does not succeed/,
    plugin: withEmptyPageFor(() => true),
  },
  {
    name: 'takes 403 for no data',
    rule: '403 is no success',
    because: /does not succeed/,
    plugin: withEmptyPageFor(hasStatus(403)),
  },
  {
    name: 'swallows 429 with a header',
    rule: '429 with Retry-After waits as long as it says',
    because: /does not succeed/,
    plugin: withEmptyPageFor(hasCode('rate-limited')),
  },
  {
    name: 'takes 429 for an outage',
    rule: '429 without a header waits',
    because: /over the limit waits/,
    plugin: withApi({
      readError: (status) =>
        status === 429 ? { code: 'unavailable', message: 'Moods has an outage.' } : undefined,
    }),
  },
  {
    name: 'takes an outage for an empty page',
    rule: '503 is tried again',
    because: /does not succeed/,
    plugin: withEmptyPageFor(hasStatus(503)),
  },
  {
    name: 'stores what came of a body that broke off',
    rule: 'a body that breaks off is tried again',
    because: /does not succeed/,
    plugin: withEmptyPageFor(hasCode('unavailable')),
  },
  {
    name: 'takes any body of 200 for data',
    rule: 'HTML with status 200 is tried again',
    because: /does not succeed/,
    plugin: withStream({
      async *fetchData({ http, from, to, zone }) {
        const until = Temporal.PlainDate.from(to).add({ days: 1 }).toString()
        const query = new URLSearchParams({ from: startOf(from, zone), until: startOf(until, zone) })
        for (let page: string | undefined = '0'; page;) {
          const response = await http.fetch(`https://moods.example/entries?${query}&page=${page}`)
          const body = (await response.json().catch(() => ({ entries: [] }))) as Page
          yield body
          page = body.next
        }
      },
    }),
  },
]
