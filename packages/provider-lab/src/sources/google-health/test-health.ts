import { expect } from 'vitest'
import type { TestLab } from '../../test-client.ts'
import { connectionTo } from '../../test-connection.ts'
import type { Token } from '../../test-connection.ts'

export const HOME = 'Europe/Berlin'
export const scopeOf = (area: string) => `https://www.googleapis.com/auth/googlehealth.${area}.readonly`
export const service = {
  source: 'google-health',
  authorize: '/o/oauth2/v2/auth',
  token: '/token',
  scope: ['activity_and_fitness', 'health_metrics_and_measurements', 'sleep'].map(scopeOf).join(' '),
  clientAuth: 'body',
  parameters: { access_type: 'offline', prompt: 'consent' },
} as const

export interface CivilDate {
  year: number
  month: number
  day: number
}
type Fields = Record<string, string> & {
  date?: CivilDate
  vo2Max?: number
  weightGrams?: number
  sampleTime: { physicalTime: string }
}

export interface Page {
  dataPoints: ({ name?: string; dataSource?: { platform: string } } & Record<string, Fields | undefined>)[]
  nextPageToken: string
}

export interface Rollup {
  rollupDataPoints: {
    civilStartTime?: { date: CivilDate; time: object }
    startTime?: string
    steps?: { countSum: string }
    floors?: { countSum: string }
    distance?: { millimetersSum: string }
    totalCalories?: { kcalSum: number }
    activeEnergyBurned?: { kcalSum: number }
    activeZoneMinutes?: Record<string, string>
    activeMinutes?: {
      activeMinutesRollupByActivityLevel: { activityLevel: string; activeMinutesSum: string }[]
    }
    heartRate?: { beatsPerMinuteMin: number; beatsPerMinuteMax: number }
    weight?: { weightGramsAvg: number }
    bodyFat?: { bodyFatPercentageAvg: number }
  }[]
}

export type HealthClient = Awaited<ReturnType<typeof client>>

/** An application that is connected and reads the person's data types. */
export async function client(lab: TestLab, scope: string = service.scope) {
  const connection = connectionTo(lab, service)
  const token: Token = await connection.connect({ scope })
  const get = (path: string, query: Record<string, string> = {}) =>
    connection.ask(`/v4/users/me/dataTypes/${path}?${new URLSearchParams(query)}`, token.access_token)
  const page = async (path: string, query: Record<string, string> = {}) => {
    const answer = await get(path, query)
    expect(answer.status).toBe(200)
    return (await answer.json()) as Page
  }
  return {
    token,
    get,
    page,
    post: (path: string, body: unknown) =>
      connection.ask(`/v4/users/me/dataTypes/${path}`, token.access_token, body),
    me: (path: string) => connection.ask(`/v4/users/${path}`, token.access_token),
    async pages(path: string, query: Record<string, string>): Promise<Page[]> {
      const pages = [await page(path, query)]
      for (let last = pages.at(-1); last?.nextPageToken; last = pages.at(-1))
        pages.push(await page(path, { ...query, pageToken: last.nextPageToken }))
      return pages
    },
  }
}

export function civil(date: string): { date: CivilDate } {
  const { year, month, day } = Temporal.PlainDate.from(date)
  return { date: { year, month, day } }
}

export function dateOf(date: CivilDate | undefined): string {
  return date ? Temporal.PlainDate.from(date).toString() : ''
}
