import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import type { Answer, Window } from '@tributary/plugin-sdk'
import { ImportError, type StandardSchema } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { iteratePlugin } from '../sources/call-plugin.ts'

const compress = promisify(zstdCompress)

export interface FetchOf {
  userId: string
  jobId: string
  source: { id: string; name: string }
  accountId: string
  window: Window
}

export interface Archived {
  fetchId: string
  window: Window
  pages: Answer[]
}

/** Keeps the answers of one fetch as they come, in order, and marks it complete when the last has come. */
export async function archiveAnswers(
  database: Database,
  { userId, jobId, source, accountId, window }: FetchOf,
  fetch: () => AsyncIterable<Answer>,
  rawOf: (answer: Answer) => Buffer,
): Promise<Archived> {
  const fetchId = await database.asUser(userId, async (db) => {
    const { id } = await db
      .insertInto('fetches')
      .values({
        user_id: userId,
        source_id: source.id,
        account_id: accountId,
        stream: window.stream,
        from_day: window.from,
        to_day: window.to,
        job_id: jobId,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  })
  const pages: Answer[] = []
  for await (const answer of iteratePlugin(source.name, 'its fetching', fetch)) {
    const raw = rawOf(answer)
    const body = await compress(raw)
    await database.asUser(userId, (db) =>
      db
        .insertInto('raw_pages')
        .values({ fetch_id: fetchId, page: pages.length, user_id: userId, body, body_bytes: raw.length })
        .execute(),
    )
    pages.push(answer)
  }
  await database.asUser(userId, (db) =>
    db
      .updateTable('fetches')
      .set({ completed_at: sql`now()` })
      .where('id', '=', fetchId)
      .execute(),
  )
  return { fetchId, window, pages }
}

/** Reads each page by the stream's schema: one that is off it is an error, and never an empty window. */
export async function checkPages(
  source: string,
  pages: Answer[],
  schema: StandardSchema | undefined,
): Promise<Answer[]> {
  if (!schema) return pages
  return Promise.all(
    pages.map(async (page) => {
      const result = await schema['~standard'].validate(page)
      if (!result.issues) return result.value
      const [issue] = result.issues
      const path = issue?.path?.map((part) =>
        typeof part === 'object' && part ? Reflect.get(part, 'key') : part,
      )
      throw new ImportError(
        'unavailable',
        `${source} answered in another form than it should (at ${path?.join('.') || 'the top'}).`,
      )
    }),
  )
}
