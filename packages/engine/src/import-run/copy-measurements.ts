import { sql } from 'kysely'
import { copyRows } from '../database/copy-rows.ts'
import type { Transaction } from '../database/database.ts'
import type { MeasurementColumns } from './measurement-columns.ts'

/** The id in the database of a series by its position in the records' list. */
export type IdOf = (series: number) => number

/** The session's own table of what is to be compared; empty whenever a transaction begins. */
export async function createStagedMeasurements(db: Transaction): Promise<void> {
  await sql`
    create temporary table if not exists staged_measurements (
      series_id integer not null, start_at timestamptz not null, end_at timestamptz not null,
      value double precision not null, number integer not null) on commit delete rows`.execute(db)
}

/** Copies measurements to the session's table; `number` says of which window they are. */
export async function copyMeasurements(
  db: Transaction,
  { length, series, start, end, value }: MeasurementColumns,
  idOf: IdOf,
  number = 0,
): Promise<void> {
  if (length === 0) return
  await copyRows(db, 'staged_measurements', length, (row, encode) => {
    encode.integer(idOf(series[row] ?? 0))
    encode.timestamp(start[row] ?? 0)
    encode.timestamp(end[row] ?? 0)
    encode.float(value[row] ?? 0)
    encode.integer(number)
  })
}
