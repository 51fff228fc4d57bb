import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '../packages/engine/src/database/database.ts'
import { readDaily } from '../packages/engine/src/metrics/read-daily.ts'
import { owner, storedMetrics, storedYear } from './stored.ts'

/** Asks for a year of twenty metrics again and again, as `engine.metrics.daily` does, and says how many milliseconds it took. */
const [databaseUrl = ''] = process.argv.slice(2)
const pauseMs = 25
const database = openDatabase({ url: databaseUrl, maxConnections: 1 })
process.once('SIGTERM', () => process.exit())
for (;;) {
  const began = performance.now()
  await readDaily(database, owner, { ...storedYear, metrics: storedMetrics })
  console.log(performance.now() - began)
  await sleep(pauseMs)
}
