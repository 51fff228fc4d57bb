import { type Database, openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { localDay } from '../domain/clock.ts'
import { runSchedule } from '../schedule/run-schedule.ts'
import type { Month } from './plan-month.ts'
import type { TestEngine } from './test-engine.ts'
import { type Looked, listDifferences, readStoredValues, readTrueValues } from './true-values.ts'

/** What was seen wrong on the way, as sentences. */
export interface Seen {
  /** Values that the source never said. */
  neverSaid: string[]
  /** Days of the outage that count as days of which the source had none. */
  falselyEmpty: string[]
  /** Values of the user who has no troubles that were not those of the source. */
  beside: string[]
}

export interface Lives {
  /** Whom the faults befall, and who lives beside. */
  troubled: SignedIn
  beside: SignedIn
  /** What the troubled one imports; and of it the part that the other does. */
  sources: readonly Looked[]
  besideSources: readonly Looked[]
}

const days = 30
const everyHours = 3

/**
 * Goes through thirty days with the schedule and a worker, three hours at a time, and looks at what is stored day by day.
 * A truth is noted whenever a source is asked, for the sources say it at that moment.
 */
export async function liveMonth(tributary: TestEngine, lives: Lives, month: Month): Promise<Seen> {
  const database = openDatabase({ url: tributary.database.url })
  const seen: Seen = { neverSaid: [], falselyEmpty: [], beside: [] }
  const said = new Map<string, Set<number | null>>()
  const start = Temporal.Instant.from(`${month.firstDay}T00:00:00Z`)
  try {
    for (let step = 0; step < (days * 24) / everyHours; step++) {
      const slot = start.add({ hours: step * everyHours })
      await work(tributary, database, slot)
      await noteSaid(tributary, lives, month, said)
      const endsDay = (step + 1) % (24 / everyHours) === 0
      // Before the clock goes on: a night that comes within the next hour is not stored before the next import.
      if (endsDay) await lookBeside(tributary, lives, month, seen)
      // What is tried again is, within the hour.
      if (await isWaiting(tributary)) {
        await wake(tributary, slot.add({ minutes: 115 }))
        await noteSaid(tributary, lives, month, said)
      }
      if (endsDay) await look(tributary, lives, month, said, seen)
    }
  } finally {
    await database.close()
  }
  return seen
}

async function work(tributary: TestEngine, database: Database, slot: Temporal.Instant): Promise<void> {
  tributary.clock.set(slot.toString())
  await runSchedule(database, slot)
  await wake(tributary, slot.add({ minutes: 56 }))
}

async function wake(tributary: TestEngine, at: Temporal.Instant): Promise<void> {
  tributary.clock.set(at.toString())
  await tributary.database.query(`select pg_notify('tributary_import_job_due', '')`)
  await tributary.settled()
}

async function isWaiting({ database }: TestEngine): Promise<boolean> {
  const rows = await database.query(
    `select from tributary.import_jobs where status in ('retrying', 'waiting')`,
  )
  return rows.length > 0
}

function rangeOf({ clock, lab }: TestEngine, { firstDay }: Month) {
  const from = Temporal.PlainDate.from(firstDay).subtract({ days: 10 }).toString()
  return { from, to: localDay(clock.now(), lab.lab.zone) }
}

async function noteSaid(
  tributary: TestEngine,
  { sources }: Lives,
  month: Month,
  said: Map<string, Set<number | null>>,
): Promise<void> {
  for (const looked of sources) {
    for (const [date, fields] of await readTrueValues(tributary, looked, rangeOf(tributary, month))) {
      for (const [field, value] of Object.entries(fields)) {
        const key = `${looked.source} ${date} ${field}`
        said.set(key, (said.get(key) ?? new Set()).add(value))
      }
    }
  }
}

/** Compares what is stored of the user without troubles with what the sources say at this moment. */
async function lookBeside(
  tributary: TestEngine,
  { beside, besideSources }: Lives,
  month: Month,
  seen: Seen,
): Promise<void> {
  const { from, to } = rangeOf(tributary, month)
  // Today is not over, and a day that has only just begun reads as none at some sources.
  const past = { from, to: Temporal.PlainDate.from(to).subtract({ days: 1 }).toString() }
  const now = tributary.clock.now().toString()
  for (const looked of besideSources) {
    const stored = await readStoredValues(tributary, beside.user.id, looked, past)
    const truth = await readTrueValues(tributary, looked, past)
    seen.beside.push(...listDifferences(stored, truth).map((text) => `${now}: ${looked.source} ${text}`))
  }
}

async function look(
  tributary: TestEngine,
  { troubled, sources }: Lives,
  month: Month,
  said: Map<string, Set<number | null>>,
  seen: Seen,
): Promise<void> {
  const range = rangeOf(tributary, month)
  const now = tributary.clock.now().toString()
  for (const looked of sources) {
    const { source } = looked
    for (const [date, fields] of await readStoredValues(tributary, troubled.user.id, looked, range)) {
      for (const [field, value] of Object.entries(fields)) {
        if (value !== null && !said.get(`${source} ${date} ${field}`)?.has(value))
          seen.neverSaid.push(`${now}: ${source} ${date} ${field} ${value}`)
      }
    }
  }
  const { from, until } = month.outage
  if (range.to < from || range.to >= until) return
  const empty = await tributary.database.query<{ source_id: string; stream: string; days: string }>(
    `select source_id, stream, (days * datemultirange(daterange($2, null)))::text as days from tributary.coverage
     where user_id = $1 and state = 'had-none' and days && daterange($2, null)`,
    [troubled.user.id, from],
  )
  seen.falselyEmpty.push(
    ...empty.map(({ source_id, stream, days: which }) => `${now}: ${source_id} ${stream} ${which}`),
  )
}
