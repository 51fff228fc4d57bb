import { sql } from 'kysely'
import { toMicroseconds } from '../database/binary-times.ts'
import { copyRows } from '../database/copy-rows.ts'
import type { Transaction } from '../database/database.ts'
import type { MeasurementColumns } from './measurement-columns.ts'

/** The id in the database of a series by its position in the records' list. */
export type IdOf = (series: number) => number

/** Copies measurements to a table of the session's own, `staged_measurements`, which then holds nothing else. */
export async function copyMeasurements(
  db: Transaction,
  { length, series, start, end, value }: MeasurementColumns,
  idOf: IdOf,
): Promise<void> {
  await sql`
    create temporary table if not exists staged_measurements (
      series_id integer not null, start_at timestamptz not null, end_at timestamptz not null,
      value double precision not null) on commit delete rows`.execute(db)
  await sql`truncate staged_measurements`.execute(db)
  await copyRows(db, 'staged_measurements', series.subarray(0, length).keys(), (row, encode) => {
    encode.integer(idOf(series[row] ?? 0))
    encode.time(toMicroseconds(start[row] ?? 0))
    encode.time(toMicroseconds(end[row] ?? 0))
    encode.float(value[row] ?? 0)
  })
}
