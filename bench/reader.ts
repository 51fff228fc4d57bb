import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '../packages/engine/src/database/database.ts'
import { daysInParts, readColumns } from '../packages/engine/src/daily/read-daily.ts'
import { owner, storedMetrics, storedYear } from './stored.ts'

/** Asks for a year of twenty metrics again and again, without what says which are final, and says how many milliseconds it took. */
const [databaseUrl = ''] = process.argv.slice(2)
const pauseMs = 25
const range = { ...storedYear, metrics: storedMetrics }
const database = openDatabase({ url: databaseUrl, maxConnections: 1 })
process.once('SIGTERM', () => process.exit())
for (;;) {
  const began = performance.now()
  Array.from(daysInParts(range, await readColumns(database, owner, range)))
  console.log(performance.now() - began)
  await sleep(pauseMs)
}
