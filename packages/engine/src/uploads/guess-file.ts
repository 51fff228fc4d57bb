import type { FileFormat, FileGuess, GuessContext } from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { callFormat } from './call-format.ts'

/** How many earlier files a guess looks at, and how many values of each of their fields. */
const earlierFiles = 100
const valuesPerSeries = 50
const seriesPerField = 3

/** How a file can be read, by its beginning and the user's earlier files. Throws `Problem` 422 with what is wrong and what to do. */
export async function guessFile(
  parts: Parts,
  user: { userId: string; sourceId: string },
  files: FileFormat,
  beginning: Uint8Array,
  given: object = {},
): Promise<FileGuess> {
  const context = await parts.database.asUser(user.userId, (db) => readContext(db, user))
  return callFormat(parts, user.sourceId, () => files.guess(beginning, { ...context, given }))
}

/** The guessed mapping. Throws `Problem` 422 `mapping-unclear` with the questions where a person has to decide first. */
export function requireClear({ mapping, questions }: FileGuess): unknown {
  const [first] = questions
  if (!first) return mapping
  throw new Problem(
    422,
    'mapping-unclear',
    `${first.question} Choose an answer, and send the mapping with the file.`,
    { details: { questions, mapping } },
  )
}

async function readContext(
  db: Transaction,
  { userId, sourceId }: { userId: string; sourceId: string },
): Promise<Required<Pick<GuessContext, 'earlier' | 'samples'>>> {
  const uploads = await db
    .selectFrom('uploads')
    .innerJoin('fetches', 'fetches.upload_id', 'uploads.id')
    .select(['uploads.file_kind as fileKind', 'uploads.mapping'])
    .where('uploads.user_id', '=', userId)
    .where('uploads.source_id', '=', sourceId)
    .where('uploads.undone_at', 'is', null)
    .where('uploads.mapping', 'is not', null)
    // By the mapping of a file that could not be imported no other one is read.
    .where('fetches.covered_at', 'is not', null)
    .orderBy('uploads.layer', 'desc')
    .limit(earlierFiles)
    .execute()
  const earlier = uploads.map(({ fileKind, mapping }) => ({ fileKind: fileKind ?? '', mapping }))
  return { earlier, samples: earlier.length === 0 ? {} : await readSamples(db, userId, sourceId) }
}

/** The newest values of each field that files brought, as their rows say. */
async function readSamples(
  db: Transaction,
  userId: string,
  sourceId: string,
): Promise<Record<string, number[]>> {
  const { rows } = await sql<{ field: string; values: number[] }>`
    with newest as (
      select id, field, row_number() over (partition by field order by layer desc) as place
      from series where user_id = ${userId} and source_id = ${sourceId} and layer > 0
    )
    select field, array_agg(value) as values
    from newest cross join lateral (
      (select value from measurements where series_id = newest.id order by start_at desc limit ${valuesPerSeries})
      union all
      (select value from daily_records where series_id = newest.id and value is not null
        order by day desc limit ${valuesPerSeries})
    ) sampled
    where place <= ${seriesPerField}
    group by field`.execute(db)
  return Object.fromEntries(rows.map(({ field, values }) => [field, values]))
}
