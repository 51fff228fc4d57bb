import {
  type Change,
  type Fault,
  type FaultResponse,
  type Random,
  seededRandom,
} from '@tributary/provider-lab'
import { addDays } from '../domain/clock.ts'

/** What happens to a person's data and to those who ask for it in thirty days; the same for the same seed. */
export interface Month {
  firstDay: string
  /** The first day of the outage, and the one after its last. */
  outage: { from: string; until: string }
  changes: Change[]
  /** Changes that come about while the sources cannot be asked. */
  hidden: Change[]
  faults: Fault[]
}

const sources = ['fitbit', 'google-health'] as const
const html = { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>We will be back soon</h1>' }

/** Plans a month in which everything goes wrong that can, for whoever consented first. It ends with two quiet days. */
export function planMonth(seed: string, firstDay: string): Month {
  const random = seededRandom(seed, 'month')
  const day = (number: number) => addDays(firstDay, number)
  const outage = { from: day(10), until: day(20) }
  return {
    firstDay,
    outage,
    changes: [...planLate(random, day), ...planCorrections(random, day)],
    hidden: [
      { date: day(9), late: 'night', hours: 60 },
      { date: day(8), at: at(day(12)), multiplySteps: 1.25 },
      { date: day(7), at: at(day(13)), remove: 'night' },
    ],
    faults: planFaults(seed, day, outage),
  }
}

/** Nights and days that come late, but before the outage or after it. */
function planLate(random: Random, day: (number: number) => string): Change[] {
  const changes: Change[] = []
  for (const number of [0, 1, 2, 3, 4, 5, 6, 20, 21, 22, 23, 24, 25]) {
    const hours = random.integer(6, 72)
    if (random.chance(0.5)) changes.push({ date: day(number), late: 'night', hours })
    else if (random.chance(0.4)) changes.push({ date: day(number), late: 'minutes', hours: hours / 2 })
  }
  return [...changes, { date: day(3), late: 'night', hours: 72 }]
}

/** One of each kind before the outage and after it, within four days of the day that it is about. */
function planCorrections(random: Random, day: (number: number) => string): Change[] {
  return [0, 20].flatMap((base): Change[] => {
    const moment = () => {
      const number = base + random.integer(0, 4)
      return { date: day(number), at: at(day(number + random.integer(1, 4)), random.integer(0, 23)) }
    }
    return [
      { ...moment(), multiplySteps: random.between(0.6, 1.4) },
      { ...moment(), shortenNight: random.integer(10, 50) },
      { ...moment(), weight: random.integer(700, 760) / 10 },
      { ...moment(), restingHeartRate: random.integer(50, 60) },
      { ...moment(), remove: 'weighing' },
      { ...moment(), removeWorkout: 0 },
      { ...moment(), remove: 'night' },
      { ...moment(), removeMinutes: [600, 600 + random.integer(30, 300)] },
      { ...moment(), source: random.chance(0.5) ? 'fitbit' : 'google-health', remove: 'minutes' },
    ]
  })
}

function planFaults(seed: string, day: (number: number) => string, outage: Month['outage']): Fault[] {
  const faults: Fault[] = []
  const befall = (
    source: Fault['source'],
    days: [number, number],
    probability: number,
    respond: FaultResponse,
    more: Partial<Fault> = {},
  ) =>
    faults.push({
      source,
      path: /./,
      from: at(day(Math.floor(days[0])), (days[0] % 1) * 24),
      until: at(day(Math.floor(days[1])), (days[1] % 1) * 24),
      probability,
      seed: `${seed} ${faults.length}`,
      consent: 0,
      respond,
      ...more,
    })

  befall('fitbit', [1, 4], 0.2, { status: 429, headers: { 'retry-after': '900' }, body: {} })
  befall('google-health', [1, 4], 0.1, { status: 429, body: {} })
  for (const source of sources) {
    befall(source, [4, 6], 0.15, 'truncate')
    befall(source, [5, 7], 0.1, html)
    befall(source, [6, 8], 0.1, { status: 200, body: {} })
    befall(source, [6, 8], 0.1, { status: 200, body: { hello: ['world'] } })
    befall(source, [6, 8], 0.1, 'lose')
    befall(source, [21, 28], 0.03, { status: 500, body: {} })
    befall(source, [21, 28], 0.02, { status: 429, body: {} })
    befall(source, [22, 28], 0.02, 'truncate')
    befall(source, [22, 28], 0.02, html)
  }
  befall('google-health', [7, 8.5], 0.5, { pages: 'repeat' })
  // What one leaves out of a day's workouts makes a number that nobody said; of other streams it leaves out whole days.
  befall('google-health', [7, 8.5], 0.5, { pages: 'skip' }, { path: /sleep/ })
  befall('google-health', [8.5, 9], 1, { pages: 'same-token' }, { path: /sleep|exercise/ })
  befall('fitbit', [9, 10], 1, 'endless-body', { path: /sleep/, times: 1 })
  const whole = { from: at(outage.from), until: at(outage.until) }
  befall('fitbit', [10, 20], 1, 'refuse', whole)
  befall('google-health', [10, 15], 1, { status: 503, body: {} })
  befall('google-health', [15, 20], 1, 'refuse')
  return faults
}

function at(day: string, hour = 0): string {
  return Temporal.PlainDate.from(day)
    .toZonedDateTime('UTC')
    .add({ minutes: Math.round(hour * 60) })
    .toInstant()
    .toString()
}
