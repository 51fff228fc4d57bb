import { sql } from 'kysely'
import { toMicroseconds } from '../database/binary-times.ts'
import { copyRows } from '../database/copy-rows.ts'
import type { Transaction } from '../database/database.ts'
import type { SeriesDifferences } from './compare-measurements.ts'

/**
 * Writes what differs: what is gone or has changed is deleted in sets, then what is new or has changed comes in by COPY.
 * Row-level security takes no COPY, so it goes to the table under `measurements`, whose trigger refuses series of others.
 */
export async function writeMeasurements(db: Transaction, differences: SeriesDifferences[]): Promise<void> {
  if (differences.some(({ changed, removed }) => changed.length + removed.length > 0))
    await deleteStored(db, differences)
  if (differences.some(({ added, changed }) => added.length + changed.length > 0))
    await copyRows(db, 'measurement_rows', writtenIn(differences), ({ of, position }, encode) => {
      const { start, end, value } = of.staged
      encode.integer(of.seriesId)
      encode.time(toMicroseconds(start[position] ?? 0))
      encode.time(toMicroseconds(end[position] ?? 0))
      encode.float(value[position] ?? 0)
    })
}

async function deleteStored(db: Transaction, differences: SeriesDifferences[]): Promise<void> {
  await sql`
    create temporary table if not exists deleted_measurements (
      series_id integer not null, start_at timestamptz not null) on commit delete rows`.execute(db)
  await copyRows(db, 'deleted_measurements', deletedIn(differences), ({ seriesId, start }, encode) => {
    encode.integer(seriesId)
    encode.time(start)
  })
  await sql`
    delete from measurements m using deleted_measurements d
    where m.series_id = d.series_id and m.start_at = d.start_at`.execute(db)
}

function* writtenIn(differences: SeriesDifferences[]) {
  for (const of of differences) {
    for (const position of of.added) yield { of, position }
    for (const position of of.changed) yield { of, position }
  }
}

function* deletedIn(differences: SeriesDifferences[]) {
  for (const { seriesId, staged, changed, removed } of differences) {
    for (const position of changed) yield { seriesId, start: toMicroseconds(staged.start[position] ?? 0) }
    for (const start of removed) yield { seriesId, start }
  }
}
