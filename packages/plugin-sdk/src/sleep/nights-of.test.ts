import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type NightOfDay, nightsOf } from './nights-of.ts'
import type { SleepSession } from './sleep-session.ts'

const zone = 'Europe/Berlin'
const days = { from: '2026-01-01', to: '2026-12-31' }
const minuteMs = 60_000

/** An instant by minutes from the midnight (UTC) of a day. */
const instantOf = (minutes: number, day = '2026-11-18') => Date.parse(`${day}T00:00Z`) + minutes * minuteMs
const localTime = (at: number) => ({
  at,
  local: Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime(),
})

/** A session by the clock on the wall in November, e.g. `17 23:00`; the length in minutes. */
function session(from: string, minutes: number, more: Partial<SleepSession> = {}): SleepSession {
  const [day, time] = from.split(' ')
  const start = Date.parse(`2026-11-${day}T${time}:00+01:00`)
  return {
    start: localTime(start),
    end: localTime(start + minutes * minuteMs),
    asleep: minutes * 60,
    ...more,
  }
}

const stage = (name: 'awake' | 'asleep' | 'light' | 'deep' | 'rem', from: string, minutes: number) => {
  const { start, end } = session(from, minutes)
  return { stage: name, start: start.at, end: end?.at ?? 0 }
}

/** Hours asleep, bed time and wake-up time by date. */
const nights = (...sessions: SleepSession[]) =>
  nightsOf(sessions, days).map(({ date, night, unsettled }) => [
    date.slice(8),
    ...(night ? [night.asleep / 3600, night.bedTime, night.wakeUpTime] : []),
    ...(unsettled ? ['unsettled'] : []),
  ])

describe('sessions of one night', () => {
  test.each([
    ['20 minutes', '18 03:20', [['18', 7, -60, 380]]],
    ['2 h 59 min', '18 05:59', [['18', 7, -60, 539]]],
    ['three hours', '18 06:00', [['18', 4, -60, 180]]],
    ['3 h 1 min', '18 06:01', [['18', 4, -60, 180]]],
  ])('count together where less than three hours lie between them: %s', (_, second, expected) => {
    expect(nights(session('17 23:00', 240), session(second, 180))).toEqual(expected)
  })

  test('may be split at midnight, and belong to the day on which the last of them ends', () => {
    expect(nights(session('17 21:00', 150), session('18 00:30', 360))).toEqual([['18', 8.5, -180, 390]])
  })

  test('never count a minute twice', () => {
    const overlapping = [session('17 23:00', 240), session('18 02:00', 240)]
    expect(nights(...overlapping)).toEqual([['18', 7, -60, 360]])
    expect(nights(...overlapping.map((one) => ({ ...one, origin: 'app' })))).toEqual([['18', 7, -60, 360]])
    const twice = session('17 23:00', 480, { origin: 'app' })
    expect(nights(twice, twice)).toEqual([['18', 8, -60, 420]])
    const within = session('18 01:00', 120, { origin: 'app' })
    expect(nights(twice, within)).toEqual([['18', 8, -60, 420]])
  })

  test('have the stages of all of them, and none where one of them has none', () => {
    const [first, second] = [session('17 23:00', 240), session('18 03:20', 180)]
    const [one, other] = [
      { light: 10_000, deep: 3000, awake: 600 },
      { light: 9000, rem: 1000, awake: 300 },
    ]
    const stagesOf = (...sessions: SleepSession[]) => nightsOf(sessions, days)[0]?.night?.stages
    expect(stagesOf({ ...first, totals: one }, { ...second, totals: other })).toEqual({
      light: 19_000,
      deep: 3000,
      rem: 1000,
      awake: 900,
    })
    expect(stagesOf({ ...first, totals: one }, second)).toEqual({})
  })
})

describe('the main sleep of a day', () => {
  const night = session('17 23:00', 420)
  const nap = session('18 14:00', 90)

  test.each([
    ['is the longest night', [night, nap], [['18', 7, -60, 360]]],
    ['is the one that the source marks', [night, { ...nap, mark: 'main' }], [['18', 1.5, 840, 930]]],
    ['is no nap', [{ ...nap, mark: 'nap' }], []],
    [
      'is the marked part alone where the source marks one part of a night',
      [{ ...night, mark: 'main' }, session('18 07:00', 60)],
      [['18', 7, -60, 360]],
    ],
    [
      'stays apart from the marked one of the day before',
      [session('17 20:00', 220, { mark: 'main' }), session('18 00:30', 360, { mark: 'main' })],
      [
        ['17', 220 / 60, 1200, 1420],
        ['18', 6, 30, 390],
      ],
    ],
    ['has the day that the source gives it to', [{ ...night, date: '2026-11-17' }], [['17', 7, 1380, 1800]]],
  ] as [string, SleepSession[], unknown[]][])('%s', (_, sessions, expected) => {
    expect(nights(...sessions)).toEqual(expected)
    expect(nights(...sessions.toReversed())).toEqual(expected)
  })

  test('is told of the days that were asked for alone', () => {
    expect(nightsOf([night], { from: '2026-11-19', to: '2026-11-20' })).toEqual([])
  })
})

describe('several apps that saw one night', () => {
  const [watch, phone, band] = ['watch', 'phone', 'band']

  test.each([
    [
      'are not added up: the longest counts',
      [
        session('17 23:00', 450, { origin: watch }),
        session('17 22:50', 480, { origin: phone }),
        session('17 23:10', 430, { origin: band }),
      ],
      [['18', 8, -70, 410]],
    ],
    [
      'are told apart by their overlap where the source does not name them',
      [session('17 23:00', 450), session('17 22:50', 480), session('17 23:10', 430)],
      [['18', 8, -70, 410]],
    ],
    [
      'count by the one that has stages',
      [
        session('17 22:30', 500, { origin: phone }),
        session('17 23:00', 450, { origin: watch, totals: { light: 20_000, deep: 7000 } }),
      ],
      [['18', 7.5, -60, 390]],
    ],
    [
      'count by the longer one where the one with stages saw but an hour of it',
      [
        session('17 22:30', 500, { origin: phone }),
        session('18 05:30', 60, { origin: watch, totals: { light: 3000, deep: 600 } }),
      ],
      [['18', 500 / 60, -90, 410]],
    ],
    [
      'count by the one that measured, not by the one that is taken to have slept all the time',
      [
        session('17 22:30', 500, { origin: phone, asleep: undefined, estimate: 30_000 }),
        session('17 23:00', 450, { origin: watch, asleep: 23_400 }),
      ],
      [['18', 6.5, -60, 390]],
    ],
    [
      'count by the estimate where the one that measured saw but half an hour of it',
      [
        session('17 22:30', 500, { origin: phone, asleep: undefined, estimate: 30_000 }),
        session('18 06:20', 30, { origin: watch }),
      ],
      [['18', 500 / 60, -90, 410]],
    ],
    [
      'count by one of them where each saw another half of it',
      [session('17 23:00', 300, { origin: watch }), session('18 04:05', 170, { origin: phone })],
      [['18', 5, -60, 240]],
    ],
  ])('%s', (_, sessions, expected) => {
    expect(nights(...sessions)).toEqual(expected)
    expect(nights(...sessions.toReversed())).toEqual(expected)
  })
})

describe('a session without a length asleep', () => {
  const unknown = { asleep: undefined }

  test('has that of its stages; a moment that is awake too is awake', () => {
    const stages = [
      stage('light', '17 23:00', 240),
      stage('deep', '18 03:00', 120),
      stage('awake', '18 01:00', 30),
      stage('asleep', '18 05:00', 200),
    ]
    const [found] = nightsOf([session('17 23:00', 480, { ...unknown, stages })], days)
    expect(found?.night).toEqual({
      asleep: (480 - 30) * 60,
      bedTime: -60,
      wakeUpTime: 420,
      stages: { light: 210 * 60, deep: 120 * 60, awake: 30 * 60 },
    })
  })

  test('takes nothing from one that has it, in the same night or beside it', () => {
    const night = session('17 23:00', 420)
    expect(nights(night, session('17 22:00', 560, unknown))).toEqual([['18', 7, -60, 360]])
    expect(nights(night, session('18 06:30', 60, unknown))).toEqual([['18', 7, -60, 360]])
    expect(nights(night, session('18 06:30', 60, { asleep: 0 }))).toEqual([['18', 7, -60, 360]])
    expect(nights(session('17 22:30', 90), session('18 00:30', 390, unknown))).toEqual([['18', 1.5, -90, 0]])
  })

  test('leaves its day unsettled, and no shorter sleep stands in for it', () => {
    const night = session('17 23:00', 420, unknown)
    expect(nights(night)).toEqual([['18', 'unsettled']])
    expect(nights(night, session('18 14:00', 60))).toEqual([['18', 'unsettled']])
    expect(nights(session('18 14:00', 60, unknown), session('17 23:00', 420))).toEqual([['18', 7, -60, 360]])
  })

  test('gives nothing where it is known that there was no sleep', () => {
    expect(nights(session('17 23:00', 420, { asleep: 0 }))).toEqual([])
    expect(
      nights(session('17 23:00', 420, { ...unknown, stages: [stage('awake', '17 23:00', 420)] })),
    ).toEqual([])
  })
})

describe('what goes on', () => {
  test('has no length, and leaves unsettled the day on which a night would end', () => {
    const begun = { ...session('17 23:00', 1), end: undefined }
    expect(nights(begun)).toEqual([['18', 'unsettled']])
    const again = { ...session('18 03:30', 1), end: undefined }
    expect(nights(session('17 23:00', 240), again)).toEqual([['18', 4, -60, 180, 'unsettled']])
  })

  test('or is still computed does not count yet', () => {
    const processing = { processing: true }
    expect(nights(session('17 23:00', 420, processing))).toEqual([['18', 'unsettled']])
    expect(nights(session('17 23:00', 240), session('18 03:30', 180, processing))).toEqual([
      ['18', 4, -60, 180, 'unsettled'],
    ])
  })
})

test('a session that lasted no time, or ends before it starts, is none', () => {
  expect(nights(session('17 23:00', 0, { asleep: 60 }), session('17 23:00', -60, { asleep: 60 }))).toEqual([])
})

describe('of any sessions', () => {
  // Nights around both changes of the clock in Berlin.
  const anySession = fc
    .record({
      day: fc.constantFrom('2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25', '2026-11-18'),
      from: fc.integer({ min: 0, max: 2880 }),
      minutes: fc.integer({ min: 1, max: 600 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      origin: fc.constantFrom(undefined, 'one', 'other'),
      mark: fc.constantFrom(undefined, undefined, 'main' as const, 'nap' as const),
      stages: fc.array(
        fc.record({
          stage: fc.constantFrom('awake', 'asleep', 'light', 'deep', 'rem'),
          from: fc.integer({ min: -60, max: 600 }),
          minutes: fc.integer({ min: 0, max: 200 }),
        }),
        { maxLength: 5 },
      ),
      summary: fc.boolean(),
      goesOn: fc.boolean(),
    })
    .map(({ day, from, minutes, share, stages, summary, goesOn, ...more }): SleepSession => {
      const start = instantOf(from, day)
      return {
        ...more,
        start: localTime(start),
        end: goesOn ? undefined : localTime(start + minutes * minuteMs),
        asleep: summary ? Math.round(minutes * 60 * share) : undefined,
        stages: stages.map((one) => ({
          stage: one.stage,
          start: start + one.from * minuteMs,
          end: start + (one.from + one.minutes) * minuteMs,
        })),
      }
    })
  const anySessions = fc.array(anySession, { maxLength: 8 })

  test('no night has more sleep than the time from its start to its end', () => {
    fc.assert(
      fc.property(anySessions, (sessions) => {
        for (const { date, night } of nightsOf(sessions, days)) {
          if (!night) continue
          const at = (minutes: number) =>
            Temporal.PlainDate.from(date)
              .toPlainDateTime()
              .add({ minutes })
              .toZonedDateTime(zone, { disambiguation: minutes === night.bedTime ? 'earlier' : 'later' })
              .epochMilliseconds / 1000
          expect(night.asleep).toBeGreaterThan(0)
          expect(night.asleep).toBeLessThanOrEqual(at(night.wakeUpTime) - at(night.bedTime))
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('the order in which they are listed does not matter', () => {
    fc.assert(
      fc.property(
        anySessions.chain((sessions) =>
          fc.tuple(fc.constant(sessions), fc.shuffledSubarray(sessions, { minLength: sessions.length })),
        ),
        ([sessions, shuffled]) => {
          expect(nightsOf(shuffled, days)).toEqual(nightsOf(sessions, days))
        },
      ),
      { numRuns: 500 },
    )
  })

  test('one that is split into two adjoining ones changes nothing', () => {
    fc.assert(
      fc.property(anySession, fc.integer({ min: 1, max: 59 }), (one, at) => {
        if (!one.end) return
        const { asleep, mark } = one
        const middle = localTime(one.start.at + Math.floor((one.end.at - one.start.at) * (at / 60)))
        const part = asleep === undefined ? undefined : Math.floor(asleep / 2)
        const rest = asleep === undefined || part === undefined ? undefined : asleep - part
        // Parts of a night that is split at midnight are of one day by a mark.
        const date = mark === 'main' ? one.end.local.toPlainDate().toString() : undefined
        // A part without stages would not be known to have none.
        const all = { stage: 'asleep' as const, start: one.start.at, end: one.end.at }
        const whole = { ...one, date, stages: [all, ...(one.stages ?? [])] }
        const parts = [
          { ...whole, end: middle, asleep: part },
          { ...whole, start: middle, asleep: rest },
        ]
        const found = nightsOf(parts, days)
        const expected = nightsOf([whole], days)
        expect(found.map(({ night }) => night?.asleep)).toEqual(expected.map(({ night }) => night?.asleep))
        // A part without sleep gives nothing, so that the night begins or ends with the other one.
        if (parts.some((one) => nightsOf([one], days).length === 0)) return
        const times = ({ date: day, night }: NightOfDay) => [day, night?.bedTime, night?.wakeUpTime]
        expect(found.map(times)).toEqual(expected.map(times))
      }),
      { numRuns: 1000 },
    )
  })
})
