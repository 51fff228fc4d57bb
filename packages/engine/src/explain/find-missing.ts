import { localDay } from '../domain/clock.ts'
import type { Transaction } from '../database/database.ts'
import type { DayState, FetchOfDay, Missing, StreamOfDay } from '../contract/engine.ts'
import { readDayJobs } from './read-day-jobs.ts'
import { dayOf, type ExplainedField } from './read-evidence.ts'
import { historyFloor } from '../planning/backfill-floor.ts'

/** What a stream's state says first, where several streams bring a field. */
const order: (DayState | null)[] = ['failed', 'never-asked', 'not-due-yet', 'has-data', 'had-none']

/** Why a field has no value of a day. */
export async function findMissing(
  db: Transaction,
  of: ExplainedField,
  streams: StreamOfDay[],
  now: Temporal.Instant,
): Promise<Missing> {
  const { plugin, field, connection, day, zone } = of
  const { name } = plugin
  const today = localDay(now, zone)
  if (day > today) return { reason: 'future', sentence: 'This day has not come yet.' }
  if (field.dimension !== undefined)
    return {
      reason: 'split',
      sentence: `${field.name} is split by ${field.dimension} and has no value of a whole day.`,
    }
  if (plugin.files)
    return {
      reason: 'no-file',
      sentence: 'No file that you uploaded has a value of this for the day. Upload one that has it.',
    }
  if (!connection || connection.account_id === null)
    return {
      reason: 'not-connected',
      sentence: `${name} is not connected. Connect it, and its days are imported.`,
    }
  const [stream] = [...streams].sort(
    (one, other) => order.indexOf(one.state) - order.indexOf(other.state) + rank(one) - rank(other),
  )
  if (stream?.state === 'has-data' && stream.fetch && stream.fetch.rejected > 0) {
    const implausible = stream.fetch.rejections.find((one) => isImplausible(one, of))
    return {
      reason: 'had-none',
      sentence:
        implausible === undefined
          ? `${name} was asked for this day and had no value of it that could be read.`
          : `${name} was asked for this day and had no plausible value of it. ${implausible.reason}`,
    }
  }
  if (!stream || stream.state === 'has-data' || stream.state === 'had-none')
    return { reason: 'had-none', sentence: `${name} was asked for this day and had no value of it.` }
  if (stream.state === 'not-due-yet')
    return {
      reason: 'not-due-yet',
      sentence: `${name} was asked for this day and had no value of it yet. It is asked again.`,
    }
  if (!stream.enabled)
    return {
      reason: 'stream-off',
      sentence: `“${stream.name}” of ${name} is switched off. Switch it on in the connection’s settings.`,
    }
  if (!stream.granted)
    return {
      reason: 'not-granted',
      sentence: `You did not allow “${stream.name}” of ${name}. Connect it again and allow it.`,
    }
  const { underway, failure } = await readDayJobs(db, dayOf(of))
  if (stream.state === 'failed')
    return {
      reason: 'failed',
      sentence: `The import of this day failed. ${failure ?? 'Import it again.'}`,
    }
  const floor = historyFloor(plugin, stream.id, connection.history_from, today)
  return { reason: 'never-asked', sentence: neverAsked() }

  function neverAsked(): string {
    if (underway) return `${name} is being asked for this day. The value appears when it arrives.`
    if (connection?.state === 'disconnected')
      return `${name} was not asked for this day before it was disconnected. Connect it again.`
    if (day < floor)
      return `${name} was not asked for this day: it lies before ${inWords(floor)}, with which its history begins.`
    return `${name} was not asked for this day yet. Import it from the source’s page.`
  }
}

/** Whether a rejected daily record is of the field's day, and its value of the field was implausible. */
function isImplausible(
  { code, reason, record }: FetchOfDay['rejections'][number],
  { field, day }: ExplainedField,
): boolean {
  const { date } = (record ?? {}) as { date?: unknown }
  return code === 'implausible' && date === day && reason.startsWith(`${field.name} of `)
}

/** Streams that cannot be asked come after those that can. */
const rank = ({ enabled, granted }: StreamOfDay) => (enabled && granted ? 0 : order.length)

const inWords = (day: string) =>
  Temporal.PlainDate.from(day).toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
