import { ImportError } from '@tributary/plugin-sdk'
import type { Answer, Window } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import { iteratePlugin } from '../sources/call-plugin.ts'
import { timeStep } from '../runtime/time-step.ts'
import { beginFetch, storePages, type NewFetch, packPage, type RawPage } from '../archive/store-pages.ts'
import { AttemptLost } from '../jobs/fence.ts'
import type { WindowRecorder } from './window-recorder.ts'

/** Pages that wait to be written together. */
const waitingBytes = 1 << 20
/** A fetch with more pages than this never ends. */
const mostPages = 2000
/** An answer of some size that comes this often from one address, to the same body, is a page that leads to itself. */
const mostRepeats = 3
const repeatBytes = 256

export interface FetchOf {
  userId: string
  jobId: string
  source: { id: string; name: string }
  /** What a person calls that which is fetched. */
  label: string
  accountId: string
  zone: string
  window: Window
}

export interface Archived {
  fetchId: string
  window: Window
  pages: Answer[]
}

/** Keeps the answers of one fetch in order, before anything is read from them; complete when the last has come. */
export async function archiveAnswers(
  database: Database,
  fetchOf: FetchOf,
  fetch: () => AsyncIterable<Answer>,
  recorder: WindowRecorder,
): Promise<Archived> {
  const { userId, source, window } = fetchOf
  const pages: Answer[] = []
  const repeats = new Map<string, number>()
  let waiting: RawPage[] = []
  let fetchId: string | undefined

  /** Alike answers to different requests, such as data types of which there is nothing, are no pages without an end. */
  function refuseEndless({ hash, body_bytes }: RawPage, request: string): void {
    const key = `${hash.toString('base64')} ${request}`
    const times = (repeats.get(key) ?? 0) + 1
    repeats.set(key, times)
    if (pages.length > mostPages || (times >= mostRepeats && body_bytes > repeatBytes))
      throw new ImportError('unavailable', `${source.name} gave pages without an end.`)
  }

  async function write(complete: boolean): Promise<string> {
    const pages = waiting
    waiting = []
    return database.asUser(
      userId,
      async (db) => {
        if (!fetchId) {
          const begun = await beginFetch(db, rowOf(fetchOf), complete, pages)
          if (!begun) throw new AttemptLost()
          return begun
        }
        await storePages(db, userId, fetchId, pages)
        if (complete) await completeFetch(db, fetchId)
        return fetchId
      },
      // Whatever is read from it is written after it, and so never without it.
      { losable: true },
    )
  }

  await timeStep('fetch', async () => {
    for await (const answer of iteratePlugin(source.name, `fetching ${fetchOf.label}`, fetch)) {
      const { raw, request } = recorder.rawOf(answer)
      const page = await packPage(pages.push(answer) - 1, raw)
      refuseEndless(page, request)
      waiting.push(page)
      if (waiting.reduce((bytes, { body }) => bytes + body.length, 0) >= waitingBytes)
        fetchId = await write(false)
    }
  })
  return { fetchId: await timeStep('archive', () => write(true)), window, pages }
}

function rowOf({ userId, jobId, source, accountId, zone, window }: FetchOf): NewFetch {
  return {
    user_id: userId,
    source_id: source.id,
    account_id: accountId,
    stream: window.stream,
    data_type: window.dataType,
    from_day: window.from,
    to_day: window.to,
    zone,
    job_id: jobId,
  }
}

async function completeFetch(db: Transaction, fetchId: string): Promise<void> {
  await db
    .updateTable('fetches')
    .set({ completed_at: sql`now()` })
    .where('id', '=', fetchId)
    .execute()
}
