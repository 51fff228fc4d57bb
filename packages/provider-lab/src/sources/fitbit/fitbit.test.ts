import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ask, connect, startTestLab } from '../../test-client.ts'
import type { TestLab } from '../../test-client.ts'
import type { TrueDay } from '../../truth/true-days.ts'

interface Series {
  dateTime: string
  value: string
}
interface SleepLog {
  dateOfSleep: string
  startTime: string
  endTime: string
  duration: number
  minutesAsleep: number
  minutesAwake: number
  timeInBed: number
  isMainSleep: boolean
  type: string
  logId: number
  levels: { data: { level: string; seconds: number }[]; shortData?: { level: string; seconds: number }[] }
}

const NOW = '2026-11-20T12:00:00Z'

describe('the data', () => {
  let lab: TestLab
  let token: string
  beforeAll(async () => {
    lab = await startTestLab(NOW, { requestLimits: { fitbit: 10_000 } })
    token = (await connect(lab)).access_token
  })
  afterAll(() => lab.close())

  const get = async <T>(path: string, headers = {}) => {
    const answer = await ask(lab, `/1/user/-/${path}`, token, headers)
    expect(answer.status).toBe(200)
    return (await answer.json()) as T
  }
  const sleep = async (range: string) => {
    const answer = await ask(lab, `/1.2/user/-/sleep/date/${range}.json`, token)
    return ((await answer.json()) as { sleep: SleepLog[] }).sleep
  }
  const truth = async (from: string, to: string) => {
    const answer = await fetch(`${lab.url}/truth/fitbit?from=${from}&to=${to}`)
    return ((await answer.json()) as { days: TrueDay[] }).days
  }

  test('three years of steps are the true ones, as text, and "0" where the device was not worn', async () => {
    const { 'activities-steps': series } = await get<{ 'activities-steps': Series[] }>(
      'activities/steps/date/2023-11-22/2026-11-20.json',
    )
    const days = await truth('2023-11-22', '2026-11-20')
    expect(series).toEqual(days.map(({ date, steps }) => ({ dateTime: date, value: String(steps ?? 0) })))
    expect(series.some(({ value }) => value === '0')).toBe(true)
  })

  test.each([
    ['calories', (day: TrueDay) => day.calories],
    ['distance', (day: TrueDay) => day.distance],
    ['floors', (day: TrueDay) => day.floors],
  ])('%s agree with the truth on worn days', async (resource, valueOf) => {
    const answer = await get<Record<string, Series[]>>(
      `activities/${resource}/date/2026-10-01/2026-10-31.json`,
    )
    const days = await truth('2026-10-01', '2026-10-31')
    days.forEach((day, index) => {
      if (day.steps !== null)
        expect(answer[`activities-${resource}`]![index]!.value).toBe(String(valueOf(day)))
    })
  })

  test('fairly and very active minutes add up to the active minutes, and nobody is active while asleep', async () => {
    const resources = ['minutesSedentary', 'minutesLightlyActive', 'minutesFairlyActive', 'minutesVeryActive']
    const [sedentary, light, fair, very] = await Promise.all(
      resources.map(async (resource) => {
        const answer = await get<Record<string, Series[]>>(
          `activities/${resource}/date/2026-10-01/2026-10-10.json`,
        )
        return answer[`activities-${resource}`]!.map(({ value }) => Number(value))
      }),
    )
    const days = await truth('2026-10-01', '2026-10-10')
    days.forEach((day, index) => {
      expect(fair![index]! + very![index]!).toBe(day.activeMinutes ?? 0)
      const awake = sedentary![index]! + light![index]! + fair![index]! + very![index]!
      expect(awake).toBeLessThan(day.sleepMinutes === null ? 1441 : 1441 - day.sleepMinutes + 120)
    })
  })

  test('the resting heart rate is missing on a day without the device, whose zones are bare', async () => {
    type Heart = {
      dateTime: string
      value: { restingHeartRate?: number; heartRateZones: { minutes?: number }[] }
    }
    const { 'activities-heart': series } = await get<{ 'activities-heart': Heart[] }>(
      'activities/heart/date/2024-01-01/2024-12-31.json',
    )
    const days = await truth('2024-01-01', '2024-12-31')
    expect(series.map(({ value }) => value.restingHeartRate ?? null)).toEqual(
      days.map((day) => day.restingHeartRate),
    )
    const idle = series.filter(({ value }) => !('restingHeartRate' in value))
    expect(idle.length).toBeGreaterThan(0)
    expect(idle.every(({ value }) => value.heartRateZones.every((zone) => !('minutes' in zone)))).toBe(true)
  })

  test('the main sleeps are the true nights, newest first, in local time without a zone', async () => {
    const logs = (await sleep('2026-09-01/2026-11-20')).filter(({ isMainSleep }) => isMainSleep)
    const nights = (await truth('2026-09-01', '2026-11-20'))
      .filter((day) => day.sleepMinutes !== null)
      .reverse()
    expect(logs.map((log) => [log.dateOfSleep, log.minutesAsleep])).toEqual(
      nights.map((day) => [day.date, day.sleepMinutes]),
    )
    logs.forEach((log, index) => {
      const midnight = Temporal.PlainDate.from(log.dateOfSleep).toPlainDateTime()
      const minutesAfter = (time: string) => midnight.until(time).total('minutes')
      expect(log.startTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000$/)
      expect([minutesAfter(log.startTime), minutesAfter(log.endTime)]).toEqual([
        nights[index]!.bedTime,
        nights[index]!.wakeUpTime,
      ])
    })
  })

  test('the levels of a night fill its duration, and the short wakings lie over them', async () => {
    for (const log of await sleep('2026-09-01/2026-11-20')) {
      const seconds = (levels: { seconds: number }[] = []) =>
        levels.reduce((sum, level) => sum + level.seconds, 0)
      const wake = log.levels.data.filter(({ level }) => level === 'wake' || level === 'restless')
      expect(seconds(log.levels.data) * 1000).toBe(log.duration)
      expect(seconds(wake) + seconds(log.levels.shortData)).toBe(log.minutesAwake * 60)
      expect(log.minutesAsleep + log.minutesAwake).toBe(log.timeInBed)
      expect(log.type).toBe(log.isMainSleep ? 'stages' : 'classic')
    }
  })

  test('naps are logs of their own, and no two logs share an id', async () => {
    const logs = await sleep('2026-09-01/2026-11-20')
    expect(logs.some(({ isMainSleep }) => !isMainSleep)).toBe(true)
    expect(new Set(logs.map(({ logId }) => logId)).size).toBe(logs.length)
  })

  test('a single date also sums up its sleep', async () => {
    const answer = await ask(lab, '/1.2/user/-/sleep/date/2026-11-18.json', token)
    const { sleep: logs, summary } = (await answer.json()) as { sleep: SleepLog[]; summary: object }
    expect(summary).toMatchObject({
      totalMinutesAsleep: logs.reduce((sum, log) => sum + log.minutesAsleep, 0),
      totalSleepRecords: logs.length,
    })
  })

  test('what the night tells is there for nights that were seen, each in its own envelope', async () => {
    type Night = { dateTime: string; value: Record<string, number> }
    const range = 'date/2026-10-01/2026-10-30.json'
    const { hrv } = await get<{ hrv: Night[] }>(`hrv/${range}`)
    const { br } = await get<{ br: Night[] }>(`br/${range}`)
    const spo2 = await get<Night[]>(`spo2/${range}`)
    const nights = (await truth('2026-10-01', '2026-10-30')).filter((day) => day.hrv !== null)
    expect(hrv.map(({ dateTime, value }) => [dateTime, value.dailyRmssd])).toEqual(
      nights.map((day) => [day.date, day.hrv]),
    )
    expect(br.map(({ value }) => value.breathingRate)).toEqual(nights.map((day) => day.breathingRate))
    expect(spo2.map(({ value }) => value.avg)).toEqual(nights.map((day) => day.spo2))
  })

  test('cardio fitness is a range written as text', async () => {
    const { cardioScore } = await get<{ cardioScore: { value: { vo2Max: string } }[] }>(
      'cardioscore/date/2026-10-01/2026-10-30.json',
    )
    expect(cardioScore.every(({ value }) => /^\d\d-\d\d$/.test(value.vo2Max))).toBe(true)
  })

  test('zone minutes leave out days and zones without any', async () => {
    type Zones = { dateTime: string; value: Record<string, number> }
    const { 'activities-active-zone-minutes': series } = await get<{
      'activities-active-zone-minutes': Zones[]
    }>('activities/active-zone-minutes/date/2026-10-01/2026-11-20.json')
    const days = (await truth('2026-10-01', '2026-11-20')).filter((day) => day.zoneMinutes !== null)
    expect(series.map(({ dateTime, value }) => [dateTime, value.activeZoneMinutes])).toEqual(
      days.map((day) => [day.date, day.zoneMinutes]),
    )
    expect(series.flatMap(({ value }) => Object.values(value)).every((minutes) => minutes > 0)).toBe(true)
  })

  test('the scale wrote down the true weights, in pounds for who asks so', async () => {
    type Log = { date: string; weight: number; bmi: number; logId: number; time: string }
    const path = 'body/log/weight/date/2026-10-01/2026-10-31.json'
    const { weight } = await get<{ weight: Log[] }>(path)
    const { weight: pounds } = await get<{ weight: Log[] }>(path, { 'accept-language': 'en_US' })
    const days = (await truth('2026-10-01', '2026-10-31')).filter((day) => day.weight !== null)
    expect(weight.map((log) => [log.date, log.weight])).toEqual(days.map((day) => [day.date, day.weight]))
    expect(pounds[0]!.weight).toBeCloseTo(weight[0]!.weight * 2.20462, 1)
  })

  test('the steps of the minutes add up to the day', async () => {
    type Intraday = Record<'activities-steps-intraday', { dataset: { time: string; value: number }[] }>
    const minutes = await get<Intraday>('activities/steps/date/2026-11-18/1d/1min.json')
    const { dataset } = minutes['activities-steps-intraday']
    const [day] = await truth('2026-11-18', '2026-11-18')
    expect(dataset).toHaveLength(1440)
    expect([dataset[0]!.time, dataset.at(-1)!.time]).toEqual(['00:00:00', '23:59:00'])
    expect(dataset.reduce((sum, { value }) => sum + value, 0)).toBe(day!.steps)
    const quarters = await get<Intraday>('activities/steps/date/2026-11-18/1d/15min/time/06:00/06:45.json')
    expect(quarters['activities-steps-intraday'].dataset.map(({ time }) => time)).toEqual([
      '06:00:00',
      '06:15:00',
      '06:30:00',
      '06:45:00',
    ])
  })

  test('the heart rate of the minutes has the true extremes', async () => {
    type Intraday = Record<
      'activities-heart-intraday',
      { dataset: { time: string; value: number }[]; datasetType: string }
    >
    const answer = await get<Intraday>('activities/heart/date/2026-11-18/1d/1min.json')
    const rates = answer['activities-heart-intraday'].dataset.map(({ value }) => value)
    const [day] = await truth('2026-11-18', '2026-11-18')
    expect([Math.min(...rates), Math.max(...rates)]).toEqual([day!.heartRateMin, day!.heartRateMax])
    expect(answer['activities-heart-intraday'].datasetType).toBe('minute')
  })

  test('where the clock is put back, an hour of minutes comes twice', async () => {
    type Intraday = Record<'activities-steps-intraday', { dataset: { time: string }[] }>
    const answer = await get<Intraday>('activities/steps/date/2026-10-25/1d/1min.json')
    const { dataset } = answer['activities-steps-intraday']
    expect(dataset).toHaveLength(1500)
    expect(dataset.filter(({ time }) => time === '02:30:00')).toHaveLength(2)
  })

  test('today ends at the upload, which the device names', async () => {
    type Intraday = Record<'activities-steps-intraday', { dataset: { time: string }[] }>
    const answer = await get<Intraday>('activities/steps/date/today/1d/1min.json')
    expect(answer['activities-steps-intraday'].dataset.at(-1)!.time).toBe('08:59:00')
    const [device] = await get<{ lastSyncTime: string }[]>('devices.json')
    expect(device!.lastSyncTime).toBe('2026-11-20T09:00:00.000')
  })

  test('a day in one answer agrees with the series', async () => {
    const { summary } = await get<{ summary: Record<string, number> }>('activities/date/2026-11-18.json')
    const [day] = await truth('2026-11-18', '2026-11-18')
    expect(summary).toMatchObject({
      steps: day!.steps,
      caloriesOut: day!.calories,
      restingHeartRate: day!.restingHeartRate,
      floors: day!.floors,
    })
  })

  test('a period ends on its date', async () => {
    const answer = await get<{ 'activities-steps': Series[] }>('activities/steps/date/2026-11-18/7d.json')
    const dates = answer['activities-steps'].map(({ dateTime }) => dateTime)
    expect([dates.length, dates[0], dates.at(-1)]).toEqual([7, '2026-11-12', '2026-11-18'])
  })

  test('the profile names the account and the zone', async () => {
    const { user } = await get<{ user: Record<string, unknown> }>('profile.json')
    expect(user).toMatchObject({
      encodedId: 'B7LAB2',
      timezone: 'Europe/Berlin',
      offsetFromUTCMillis: 3_600_000,
    })
  })
})

describe('the limits', () => {
  let lab: TestLab
  beforeEach(async () => void (lab = await startTestLab(NOW)))
  afterEach(() => lab.close())

  const refusal = async (answer: Response) => {
    const { errors, success } = (await answer.json()) as {
      errors: { errorType: string; message: string }[]
      success: boolean
    }
    return [answer.status, errors[0]!.errorType, success]
  }

  test.each([
    ['activities/steps', 1095],
    ['activities/active-zone-minutes', 1095],
    ['activities/heart', 366],
    ['hrv', 30],
    ['spo2', 30],
    ['br', 30],
    ['cardioscore', 30],
    ['body/log/weight', 31],
  ])('%s serves %i days at once and not one more', async (resource, most) => {
    const { access_token } = await connect(lab)
    const to = Temporal.PlainDate.from('2026-11-20')
    const from = (days: number) => to.subtract({ days: days - 1 }).toString()
    const range = (days: number) =>
      ask(lab, `/1/user/-/${resource}/date/${from(days)}/${to}.json`, access_token)
    expect((await range(most)).status).toBe(200)
    expect(await refusal(await range(most + 1))).toEqual([400, 'validation', false])
  })

  test('sleep serves 100 days', async () => {
    const { access_token } = await connect(lab)
    expect((await ask(lab, '/1.2/user/-/sleep/date/2026-01-01/2026-04-10.json', access_token)).status).toBe(
      200,
    )
    const more = await ask(lab, '/1.2/user/-/sleep/date/2026-01-01/2026-04-11.json', access_token)
    expect(await refusal(more)).toEqual([400, 'validation', false])
  })

  test.each([
    'activities/steps/date/2026-02-30/2026-03-01.json',
    'activities/steps/date/yesterday/today.json',
    'activities/steps/date/2026-03-02/2026-03-01.json',
    'activities/steps/date/2026-03-01/2026-03-02/1min.json',
    'activities/heart/date/2026-03-01/1d/1min/time/25:00/26:00.json',
  ])('%s is refused as invalid', async (path) => {
    const { access_token } = await connect(lab)
    expect(await refusal(await ask(lab, `/1/user/-/${path}`, access_token))).toEqual([
      400,
      'validation',
      false,
    ])
  })

  test.each([
    ['/1/user/-/activities/steps/date/today/1d.json', 'sleep'],
    ['/1/user/-/activities/heart/date/today/1d.json', 'activity'],
    ['/1.2/user/-/sleep/date/2026-11-18.json', 'activity heartrate'],
    ['/1/user/-/spo2/date/2026-11-18.json', 'heartrate'],
  ])('%s is forbidden with the scopes %s alone', async (path, scopes) => {
    const { access_token } = await connect(lab, scopes)
    expect(await refusal(await ask(lab, path, access_token))).toEqual([403, 'insufficient_scope', false])
  })

  test('without a token it is 401, for an unknown path 404, for another user too', async () => {
    const { access_token } = await connect(lab)
    const bare = await fetch(`${lab.url}/fitbit/1/user/-/profile.json`)
    expect(await refusal(bare)).toEqual([401, 'invalid_request', false])
    expect(await refusal(await ask(lab, '/1/user/-/telepathy.json', access_token))).toEqual([
      404,
      'not_found',
      false,
    ])
    expect((await ask(lab, '/1/user/OTHER1/profile.json', access_token)).status).toBe(404)
    expect((await ask(lab, '/1/user/B7LAB2/profile.json', access_token)).status).toBe(200)
  })

  test('150 requests an hour are served, then 429 until the top of the hour, and every answer counts down', async () => {
    const { access_token } = await connect(lab)
    lab.pass({ minutes: 40 })
    const profile = () => ask(lab, '/1/user/-/profile.json', access_token)
    const rate = ({ headers }: Response) =>
      ['limit', 'remaining', 'reset'].map((name) => headers.get(`fitbit-rate-limit-${name}`))
    expect(rate(await profile())).toEqual(['150', '149', '1200'])
    for (let request = 2; request < 150; request++) await profile()
    const last = await ask(lab, '/1/user/-/nonsense.json', access_token)
    expect([last.status, ...rate(last)]).toEqual([404, '150', '0', '1200'])
    const refused = await profile()
    expect([refused.headers.get('retry-after'), ...rate(refused)]).toEqual(['1200', '150', '0', '1200'])
    expect((await refusal(refused)).slice(0, 2)).toEqual([429, 'request'])
    lab.pass({ minutes: 20 })
    expect((await profile()).status).toBe(200)
  })

  test('the limit belongs to the account, whichever connection asks', async () => {
    const [one, other] = [await connect(lab), await connect(lab)]
    await ask(lab, '/1/user/-/profile.json', one.access_token)
    const second = await ask(lab, '/1/user/-/profile.json', other.access_token)
    expect(second.headers.get('fitbit-rate-limit-remaining')).toBe('148')
  })
})
