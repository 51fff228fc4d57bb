import { isDeepStrictEqual } from 'node:util'
import type { MarkedDays } from '../../packages/engine/src/contract/engine.ts'
import {
  listDifferences,
  type Looked,
  readStoredValues,
  readTrueValues,
} from '../../packages/engine/src/testing/true-values.ts'
import type { HttpUser } from '../harness/http-user.ts'

/** The sources that a scenario imports, with the streams that are compared. */
export const sources: Looked[] = [
  { source: 'fitbit', streams: ['activity', 'heart', 'sleep', 'weight', 'hrv'] },
  { source: 'google-health', streams: ['activity', 'sleep', 'body', 'workouts'] },
]

export interface Compared {
  values: number
  /** What differs, as sentences. */
  wrong: string[]
}

/** Compares a user's daily values of so many days, up to yesterday, with what the simulated sources say. */
export async function compareWithTruth(url: string, user: HttpUser, days: number): Promise<Compared> {
  const yesterday = Temporal.Now.plainDateISO('Europe/Berlin').subtract({ days: 1 })
  const range = { from: yesterday.subtract({ days: days - 1 }).toString(), to: yesterday.toString() }
  const lab = { lab: { url: `${url}/lab` } }
  const engine = { metrics: { daily: (_user: string, asked: object) => readDaily(user, asked) } }
  const compared: Compared = { values: 0, wrong: [] }
  for (const looked of sources) {
    const before = await readTrueValues(lab, looked, range)
    for (let attempt = 0; ; attempt++) {
      await user.json('POST', `/api/plugins/${looked.source}/sync`, {})
      const stored = await readStoredValues({ engine }, '', looked, range)
      const truth = await readTrueValues(lab, looked, range)
      // Data that reached the source late changes the truth of past days.
      if (!isDeepStrictEqual(before, truth) && attempt === 0) continue
      compared.values += [...truth.values()].reduce((sum, fields) => sum + Object.keys(fields).length, 0)
      compared.wrong.push(...listDifferences(stored, truth).map((wrong) => `${looked.source} ${wrong}`))
      break
    }
  }
  return compared
}

/** Reads daily values in parts, as a query names at most a hundred metrics and a few hundred days. */
async function readDaily(user: HttpUser, asked: object): Promise<MarkedDays> {
  const query = new URLSearchParams(
    Object.entries(asked).map(([name, value]) => [name, String(value)] as [string, string]),
  )
  return user.json<MarkedDays>('GET', `/api/metrics/daily?${query}`)
}
