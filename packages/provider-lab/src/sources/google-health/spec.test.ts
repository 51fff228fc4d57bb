import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeShared } from '../../../../../tests/harness/shared-folder.ts'
import { startTestLab } from '../../test-client.ts'
import { civil, client } from './test-health.ts'

type Schemas = Record<string, { properties: Record<string, { type: string }> }>

const points = [
  ...['steps', 'distance', 'active-energy-burned', 'active-minutes', 'active-zone-minutes'],
  ...['heart-rate', 'weight', 'body-fat', 'daily-resting-heart-rate', 'daily-heart-rate-variability'],
  ...['daily-oxygen-saturation', 'daily-respiratory-rate', 'daily-vo2-max', 'sleep', 'exercise'],
]
const rolledUp = [
  ...['steps', 'distance', 'floors', 'total-calories', 'active-energy-burned', 'active-minutes'],
  ...['active-zone-minutes', 'heart-rate', 'weight', 'body-fat'],
]

describeShared('specs', 'beside the schemas of Google’s own client library', (folder) => {
  test('every answer has keys that they name, each of its type', async () => {
    const { schemas } = JSON.parse(await readFile(join(folder, 'google-health-v4.derived.json'), 'utf8')) as {
      schemas: Schemas
    }
    const lab = await startTestLab('2026-11-20T12:00:00Z', { requestLimits: { 'google-health': 1000 } })
    const health = await client(lab)
    const faults: string[] = []
    const look = async (answer: Response, type: string) => {
      expect(answer.status).toBe(200)
      compare(await answer.json(), `#${type}`, new URL(answer.url).pathname)
    }
    const compare = (value: unknown, type: string, at: string): void => {
      if (type.endsWith('[]')) {
        if (!Array.isArray(value)) faults.push(`${at} is no list`)
        else for (const entry of value) compare(entry, type.slice(0, -2), `${at}[]`)
      } else if (type.startsWith('#')) {
        for (const [name, member] of Object.entries(value as object)) {
          const known = schemas[type.slice(1)]?.properties[name]
          if (known) compare(member, known.type, `${at}.${name}`)
          else faults.push(`${at}.${name} is not in ${type}`)
        }
      } else if (typeof value !== type) faults.push(`${at} is ${typeof value} and no ${type}`)
    }

    await look(await health.me('me/identity'), 'Identity')
    for (const type of points) {
      await look(await health.get(`${type}/dataPoints`), 'ListDataPointsResponse')
      await look(await health.get(`${type}/dataPoints:reconcile`), 'ReconcileDataPointsResponse')
    }
    const days = { start: civil('2026-11-10'), end: civil('2026-11-20') }
    const instants = { startTime: '2026-11-10T00:00:00Z', endTime: '2026-11-20T00:00:00Z' }
    for (const type of rolledUp) {
      const daily = await health.post(`${type}/dataPoints:dailyRollUp`, { range: days })
      await look(daily, 'DailyRollUpDataPointsResponse')
      const windows = { range: instants, windowSize: '86400s' }
      await look(await health.post(`${type}/dataPoints:rollUp`, windows), 'RollUpDataPointsResponse')
    }
    expect([...new Set(faults)]).toEqual([])
    await lab.close()
  })
})
