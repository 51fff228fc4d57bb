import { isUtf8 } from 'node:buffer'
import type { Database } from '../database/database.ts'
import type { RawPage } from '../contract/engine.ts'
import { readPage } from '../archive/read-page.ts'
import { Problem } from '../domain/problem.ts'

/** An answer of a source as it came, for the user whose it is. */
export async function readRawPage(
  database: Database,
  userId: string,
  { fetch, page }: { fetch: string; page: number },
): Promise<RawPage> {
  const body = isRowId(fetch) ? await database.asUser(userId, (db) => readPage(db, fetch, page)) : undefined
  if (!body) throw new Problem(404, 'unknown-page', 'There is no such answer, or it is not kept any more.')
  return { body, text: isUtf8(body) ? (isJson(body) ? 'json' : 'plain') : null }
}

const isRowId = (text: string) => /^\d{1,18}$/.test(text)

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString())
    return true
  } catch {
    return false
  }
}
