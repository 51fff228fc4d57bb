import type { Metrics } from '../contract/engine.ts'

/** Values of one source by day and field; `null`: there is none. */
export type Values = Map<string, Record<string, number | null>>

const sleep = ['sleepLength', 'bedTime', 'wakeUpTime']

/** By source and stream, the fields that the lab's truth knows too. */
const trueFields: Record<string, Record<string, string[]>> = {
  fitbit: {
    activity: ['steps', 'distance', 'calories', 'activeMinutes'],
    heart: ['restingHeartRate'],
    sleep,
    weight: ['weight'],
    hrv: ['hrv'],
  },
  'google-health': {
    activity: ['steps', 'distance', 'activeCalories', 'zoneMinutes', 'floors'],
    sleep,
    body: ['weight', 'bodyFat'],
    workouts: ['workouts'],
  },
}

/** A source and those of its streams that are looked at. */
export interface Looked {
  source: string
  streams: string[]
}

function fieldsOf({ source, streams }: Looked): string[] {
  return streams.flatMap((stream) => trueFields[source]?.[stream] ?? [])
}

interface Range {
  from: string
  to: string
}

/** What a simulated source says of its days, now or at a later moment. */
export async function readTrueValues(
  { lab }: { lab: { url: string } },
  looked: Looked,
  { from, to }: Range,
  at = '',
): Promise<Values> {
  const query = new URLSearchParams({ from, to, at })
  const response = await fetch(`${lab.url}/truth/${looked.source}?${query}`)
  const { days } = (await response.json()) as { days: ({ date: string } & Record<string, number | null>)[] }
  return new Map(
    days.map((day) => [
      day.date,
      Object.fromEntries(
        fieldsOf(looked).map((field) => {
          if (field === 'sleepLength')
            return [field, typeof day['sleepMinutes'] === 'number' ? day['sleepMinutes'] * 60 : null]
          // Whether a day without a workout was worn is not said.
          const value = day[field] ?? null
          return [field, field === 'workouts' ? value || null : rounded(field, value)]
        }),
      ),
    ]),
  )
}

/** What is stored of the same days, as the truth is rounded. */
export async function readStoredValues(
  { engine }: { engine: { metrics: Pick<Metrics, 'daily'> } },
  userId: string,
  looked: Looked,
  range: Range,
): Promise<Values> {
  const fields = fieldsOf(looked)
  const metrics = fields.map((field) => `${looked.source}.${field}`)
  const { days } = await engine.metrics.daily(userId, { ...range, metrics })
  return new Map(
    days.map(({ date, values }) => [
      date,
      Object.fromEntries(
        fields.map((field) => [field, rounded(field, values[`${looked.source}.${field}`] as number | null)]),
      ),
    ]),
  )
}

/** Every pair that differs, as a sentence. */
export function listDifferences(stored: Values, truth: Values): string[] {
  return [...truth].flatMap(([date, fields]) =>
    Object.entries(fields).flatMap(([field, value]) => {
      const found = stored.get(date)?.[field] ?? null
      return found === value ? [] : [`${date} ${field}: ${found}, truly ${value}`]
    }),
  )
}

const decimals: Record<string, number> = { distance: 5, calories: 0, heartRateMean: 3, activeCalories: 3 }

function rounded(field: string, value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(decimals[field] ?? 6))
}
