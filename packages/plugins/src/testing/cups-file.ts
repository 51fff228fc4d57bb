import type { DayValues, Lab } from '@tributary/plugin-sdk/testing'
import type { CsvMapping } from '../csv/mapping.ts'

const zone = 'Europe/Berlin'
/** A day before the clocks of the zone change in spring. */
const firstDay = Temporal.PlainDate.from('2026-03-20')

const mapping: CsvMapping = {
  delimiter: ',',
  decimal: '.',
  dateColumn: 'time',
  dateFormat: 'YYYY-MM-DD',
  columns: [{ column: 'cups', field: 'cups', name: 'Cups', type: 'number', day: 'sum' }],
}

/** A CSV file of cups of tea, each with its instant: every hour around the changes of the clocks, and three a day otherwise. */
export function cupsFile(): Lab {
  return {
    async start({ now }) {
      const doubled = new Set<string>()
      const removed = new Set<string>()

      /** The cups of a day by instant; nobody drinks any on every ninth day. */
      function cupsOf(day: Temporal.PlainDate): { at: Temporal.ZonedDateTime; cups: number }[] {
        const date = day.toString()
        const isFree = day.since(firstDay).days % 9 === 8
        if (day.until(today()).days < 1 || Temporal.PlainDate.compare(day, firstDay) < 0) return []
        if (isFree || removed.has(date)) return []
        const midnight = day.toZonedDateTime(zone)
        const hours = isNearChange(day)
          ? Array.from({ length: midnight.hoursInDay }, (_, hour) => hour)
          : [8, 12, 17]
        return hours.map((hour) => ({
          at: midnight.add({ hours: hour }),
          cups: (1 + ((day.day + hour) % 4)) * (doubled.has(date) ? 2 : 1),
        }))
      }

      const today = () => now().toZonedDateTimeISO(zone).toPlainDate()

      return {
        zone,
        file() {
          const rows = daysBetween(firstDay, today()).flatMap(cupsOf)
          const lines = rows.map(({ at, cups }) => `${at.toString({ timeZoneName: 'never' })},${cups}\n`)
          return { fileName: 'cups.csv', content: `time,cups\n${lines.join('')}`, mapping }
        },
        async days(from, to): Promise<DayValues[]> {
          return daysBetween(Temporal.PlainDate.from(from), Temporal.PlainDate.from(to)).map((day) => {
            const rows = cupsOf(day)
            const cups = rows.length === 0 ? null : rows.reduce((sum, row) => sum + row.cups, 0)
            return { date: day.toString(), values: { cups } }
          })
        },
        revise: (date) => void doubled.add(date),
        remove: (date) => void removed.add(date),
      }
    },
  }
}

function isNearChange(day: Temporal.PlainDate): boolean {
  return [-1, 0, 1].some((days) => day.add({ days }).toZonedDateTime(zone).hoursInDay !== 24)
}

function daysBetween(from: Temporal.PlainDate, to: Temporal.PlainDate): Temporal.PlainDate[] {
  return Array.from({ length: from.until(to).days + 1 }, (_, days) => from.add({ days }))
}
