import {
  definePlugin,
  type FetchRequest,
  type MapContext,
  type MappedRecord,
  oauth2,
  type PluginDeclaration,
  type RejectedRecord,
  type StandardSchema,
} from '@tributary/plugin-sdk'

/** An item of the service: what somebody noted down at a moment, with the steps that they had walked since the one before. */
export interface Entry {
  id: string
  /** An instant, ISO 8601. */
  at: string
  steps: number
  /** 0 to 100; `null` where it was not noted. */
  mood: number | null
  /** It was noted and taken back. */
  deleted?: boolean
}

export interface Page {
  entries: Entry[]
  next?: string
}

const host = 'https://moods.example'

/** The first instant of a local day. */
export function startOf(day: string, zone: string): string {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).toInstant().toString()
}

/** Requests all pages of an interval. */
export async function* fetchPages(
  { http }: Pick<FetchRequest, 'http'>,
  from: string,
  until: string,
): AsyncIterable<Page> {
  let page: string | undefined
  do {
    const response = await http.get('/entries', { from, until, page })
    yield response
    page = response.next
  } while (page)
}

export function* mapEntry(entry: Entry): Iterable<MappedRecord | RejectedRecord> {
  const { at, steps, mood, deleted } = entry
  if (deleted) return
  if (typeof steps !== 'number') {
    yield { rejected: 'steps: expected a number', record: entry }
    return
  }
  yield { field: 'steps', start: at, value: steps }
  if (mood !== null) yield { field: 'mood', start: at, value: mood }
}

/** The items of all pages, each one once: one that came in between two pages moves the others to the next page. */
export function uniqueEntries(pages: Page[]): Entry[] {
  const entries = pages.flatMap((page) => page.entries)
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()]
}

/** A page has its list, which is empty where there is no data. */
const page: StandardSchema<Page> = {
  '~standard': {
    version: 1,
    vendor: 'tests',
    validate: (value) =>
      Array.isArray((value as Partial<Page> | undefined)?.entries)
        ? { value: value as Page }
        : { issues: [{ message: 'There are no entries in it.' }] },
  },
}

/** A correct plugin, of which the tests of the contract suite break one thing at a time. */
export const moods: PluginDeclaration = {
  id: 'moods',
  name: 'Moods',
  description: 'A service for tests.',
  icon: '🙂',
  auth: oauth2({
    authorizationUrl: `${host}/oauth/authorize`,
    tokenUrl: `${host}/oauth/token`,
    scopes: ['entries'],
    clientAuth: 'body',
  }),
  api: { baseUrl: host, identify: async (http) => ({ id: (await http.get('/me')).id }) },
  fields: {
    steps: { name: 'Steps', type: 'number', unit: '{steps}', day: 'sum' },
    mood: { name: 'Mood', type: 'number', unit: '{score}', day: 'last' },
  },
  streams: {
    entries: {
      fields: ['steps', 'mood'],
      maxDaysPerRequest: 30,
      answers: 'window',
      schema: page,
      fetchData({ http, from, to, zone }: FetchRequest) {
        const until = Temporal.PlainDate.from(to).add({ days: 1 }).toString()
        return fetchPages({ http }, startOf(from, zone), startOf(until, zone))
      },
      *mapData(pages: Page[], _: MapContext) {
        for (const entry of uniqueEntries(pages)) yield* mapEntry(entry)
      },
    },
  },
}

export const moodsPlugin = definePlugin(moods)
