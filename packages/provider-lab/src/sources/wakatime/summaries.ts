import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { countDays, eachDate, isDate, isZone, localDay } from '../../person/local-day.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import { round } from '../../person/vitals.ts'
import { codedOn, secondsBy, secondsOf } from './coded.ts'

const MOST_DAYS = 4000

/** `GET /users/current/summaries`: one entry per day of the zone, also for a day without any coding. */
export function summaries(query: URLSearchParams, uploaded: Uploaded): Answer {
  const start = query.get('start') ?? ''
  const end = query.get('end') ?? ''
  const zone = query.get('timezone') || uploaded.person.zone
  if (!isDate(start)) return invalid('start')
  if (!isDate(end) || countDays(start, end) < 1 || countDays(start, end) > MOST_DAYS) return invalid('end')
  if (!isZone(zone)) return invalid('timezone')

  const data = Array.from(eachDate(start, end), (date) => summaryOf(uploaded, date, zone))
  const totals = data.map(({ grand_total }) => grand_total.total_seconds)
  const sum = round(
    totals.reduce((total, seconds) => total + seconds, 0),
    3,
  )
  const holidays = totals.filter((seconds) => seconds === 0).length
  const average = Math.round(sum / Math.max(1, data.length - holidays))
  const { text, decimal, digital } = inWords(sum)
  return json(200, {
    data,
    start: data[0]?.range.start,
    end: data.at(-1)?.range.end,
    cumulative_total: { seconds: sum, text, decimal, digital },
    daily_average: {
      holidays,
      days_including_holidays: data.length,
      days_minus_holidays: data.length - holidays,
      seconds: average,
      text: inWords(average).text,
    },
  })
}

function summaryOf(uploaded: Uploaded, date: string, zone: string) {
  const blocks = codedOn(uploaded, date, zone)
  const total = secondsOf(blocks)
  const share = (parts: Map<string, number>) =>
    [...parts].map(([name, seconds]) => ({
      name,
      ...inWords(seconds),
      seconds: Math.floor(seconds % 60),
      percent: round((seconds / total) * 100, 2),
    }))
  const everything = (name: string) => share(total > 0 ? new Map([[name, total]]) : new Map())
  const day = localDay(date, zone)
  return {
    grand_total: inWords(total),
    range: {
      date,
      start: instant(day.start * 60),
      end: instant(day.end * 60 - 1),
      text: new Date(`${date}T00:00:00Z`).toUTCString().slice(0, 16),
      timezone: zone,
    },
    projects: share(secondsBy(blocks, 'project')),
    languages: share(secondsBy(blocks, 'language')),
    editors: share(secondsBy(blocks, 'editor')),
    operating_systems: everything('Linux'),
    categories: share(secondsBy(blocks, 'category')),
    dependencies: [],
    machines: everything('robins-laptop'),
  }
}

function inWords(total: number) {
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const plural = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`
  const parts = [hours > 0 ? plural(hours, 'hr') : '', minutes > 0 ? plural(minutes, 'min') : '']
  return {
    decimal: (total / 3600).toFixed(2),
    digital: `${hours}:${String(minutes).padStart(2, '0')}`,
    hours,
    minutes,
    text: parts.filter(Boolean).join(' ') || plural(Math.floor(total), 'sec'),
    total_seconds: total,
  }
}

function instant(seconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toString()
}

function invalid(field: string): Answer {
  return json(400, { errors: { [field]: ['This value is not valid.'] } })
}
