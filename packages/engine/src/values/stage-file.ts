import {
  type Field,
  isDailyRecord,
  type FileRow,
  type MappedRecord,
  type RejectedRow,
} from '@tributary/plugin-sdk'
import { sql } from 'kysely'
import { toMicroseconds } from '../database/binary-times.ts'
import { copyRows } from '../database/copy-rows.ts'
import type { Transaction } from '../database/database.ts'
import { keyOf } from './find-series.ts'
import type { Rejected } from '../archive/store-rejections.ts'
import { checkRecords, type Staged } from './stage-records.ts'
import type { DayRange } from '../domain/day-ranges.ts'
import type { RejectionCode } from '../domain/rejection-code.ts'
import type { SeriesName } from './series-names.ts'

/** A file's records, checked. Its values wait in the session's tables `file_days` and `file_measurements`. */
export interface StagedFile {
  rows: number
  values: number
  /** The first and the last day that rows name, those without values too; `undefined` where rows are instants. */
  days: DayRange | undefined
  /** Rows that could not be read, and implausible values. */
  rejected: Record<RejectionCode, number>
  /** The first of them. */
  rejections: Omit<Rejected, 'fetchId' | 'page'>[]
  /** The series that the values are of; the tables name them by their position here. */
  series: SeriesName[]
}

const batchValues = 5_000
const keptRejections = 1_000

/** Reads a file's rows in one pass and flat memory, and copies their values to the session's tables in the file's order. */
export async function stageFile(
  db: Transaction,
  fields: Record<string, Field>,
  rows: AsyncIterable<FileRow | RejectedRow>,
): Promise<StagedFile> {
  await createTables(db)
  const file: StagedFile = {
    rows: 0,
    values: 0,
    days: undefined,
    rejected: { unreadable: 0, implausible: 0 },
    rejections: [],
    series: [],
  }
  const positions = new Map<string, number>()
  let batch = new Map<MappedRecord, number>()
  let waiting = 0

  function reject(code: RejectionCode, line: number | undefined, reason: string, record: unknown): void {
    if (file.rejections.length >= keptRejections) return
    file.rejections.push({ code, reason, record, ...(line === undefined ? {} : { path: `line ${line}` }) })
  }

  function positionOf(name: SeriesName): number {
    const key = keyOf(name)
    const known = positions.get(key)
    if (known !== undefined) return known
    const position = file.series.push(name) - 1
    positions.set(key, position)
    return position
  }

  async function write(): Promise<void> {
    const lines = batch
    const staged = await checkRecords({ fields }, lines.keys())
    for (const { code, reason, record } of staged.rejections)
      reject(code, lines.get(record as MappedRecord), reason, record)
    file.rejected.unreadable += staged.rejected.unreadable
    file.rejected.implausible += staged.rejected.implausible
    await copyBatch(db, staged, staged.series.map(positionOf), file.values)
    file.values += staged.values
    batch = new Map()
    waiting = 0
  }

  for await (const row of rows) {
    file.rows += 1
    if ('reason' in row) {
      file.rejected.unreadable += 1
      reject('unreadable', row.line, row.reason, { line: row.line })
      continue
    }
    for (const record of row.records) {
      batch.set(record, row.line)
      waiting += isDailyRecord(record) ? Math.max(1, Object.keys(record.fields).length) : 1
      if (isDailyRecord(record)) file.days = widen(file.days, record.date)
    }
    if (waiting >= batchValues) await write()
  }
  if (waiting > 0) await write()
  return file
}

function widen(days: DayRange | undefined, day: string): DayRange {
  if (!days) return { from: day, to: day }
  return { from: day < days.from ? day : days.from, to: day > days.to ? day : days.to }
}

async function createTables(db: Transaction): Promise<void> {
  await sql`
    create temporary table if not exists file_days (
      series integer not null, place integer not null, day date not null,
      value double precision, text_value text) on commit delete rows`.execute(db)
  await sql`
    create temporary table if not exists file_measurements (
      series integer not null, place integer not null, start_at timestamptz not null, end_at timestamptz not null,
      value double precision not null) on commit delete rows`.execute(db)
}

/** Copies values with their place in the file, of which the first has the given one. */
async function copyBatch(
  db: Transaction,
  { days, measurements }: Staged,
  positions: number[],
  first: number,
): Promise<void> {
  const { length, series, start, end, value } = measurements
  if (days.length > 0)
    await sql`
      insert into file_days (series, place, day, value, text_value)
      select * from unnest(${days.map((day) => positions[day.series] ?? 0)}::integer[],
        ${days.map((_, row) => first + row)}::integer[], ${days.map(({ day }) => day)}::date[],
        ${days.map((day) => day.value)}::float8[], ${days.map(({ text }) => text)}::text[])`.execute(db)
  if (length > 0)
    await copyRows(db, 'file_measurements', series.subarray(0, length).keys(), (row, encode) => {
      encode.integer(positions[series[row] ?? 0] ?? 0)
      encode.integer(first + row)
      encode.time(toMicroseconds(start[row] ?? 0))
      encode.time(toMicroseconds(end[row] ?? 0))
      encode.float(value[row] ?? 0)
    })
}
