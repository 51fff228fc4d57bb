import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { Problem } from '../domain/problem.ts'

/** What the files of a user may be together; those that were taken back count no more. */
const most = { files: 1_000, gibibytes: 20 }

/** Makes sure that a user's files leave room on the disk for others'. Throws `Problem` 409 or 413. */
export async function checkRoom(db: Transaction, userId: string): Promise<void> {
  const { rows } = await sql<{ files: number; gibibytes: number }>`
    select count(*)::integer as files, coalesce(sum(bytes), 0)::float8 / 2 ^ 30 as gibibytes
    from uploads where user_id = ${userId} and undone_at is null`.execute(db)
  const { files = 0, gibibytes = 0 } = rows[0] ?? {}
  if (files > most.files)
    throw new Problem(
      409,
      'too-many-files',
      `You keep ${most.files} files, and more are not taken. Take some back first.`,
    )
  if (gibibytes > most.gibibytes)
    throw new Problem(
      413,
      'too-large',
      `Your files would be over ${most.gibibytes} GiB together. Take some back first.`,
    )
}
