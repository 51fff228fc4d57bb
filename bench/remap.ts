import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { RunningEngine } from '../packages/engine/src/create-engine.ts'
import { round } from './import.ts'
import { p99 } from './median.ts'
import { now, openEngine } from './open-engine.ts'
import { readingsPlugin } from './readings-plugin.ts'
import { settle } from './settle.ts'
import { startProcess } from './start-process.ts'
import { owner, ownerEmail } from './stored.ts'

const days = 741
const storedReadings = 1_600_000
const lookEveryMs = 50
const undisturbedMs = 15_000

/**
 * All stored answers of 741 days read again by a mapping that changed for one day in ten: compared, previewed and applied,
 * while another process keeps reading a year of twenty metrics.
 */
export async function measureRemap(databaseUrl: string) {
  const mapping = { changed: false }
  const engine = await openEngine(databaseUrl, [readingsPlugin(mapping)])
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  try {
    await importReadings(engine, database)
    await settle(database)

    const reader = startProcess(join(import.meta.dirname, 'reader.ts'), [databaseUrl])
    await reader.firstLine()
    let reads: number[] = []
    reader.onLine((line) => reads.push(Number(line)))
    await sleep(undisturbedMs)
    const undisturbed = reads
    reads = []
    mapping.changed = true
    const began = performance.now()
    const changed = await remap(engine)
    const seconds = (performance.now() - began) / 1000
    const disturbed = reads
    await reader.stop()
    return {
      seconds: round(seconds),
      readSlowdownP99: round(p99(disturbed) / p99(undisturbed)),
      readP99Ms: round(p99(undisturbed)),
      changed,
    }
  } finally {
    await database.end()
    await engine.close()
  }
}

/** Imports the days as any others, so that answers and measurements lie where a remap finds them. */
async function importReadings(engine: RunningEngine, database: pg.Client): Promise<void> {
  const user = { id: owner, name: 'Ada', email: ownerEmail, role: 'user', timeZone: 'Europe/Berlin' } as const
  await engine.plugins.setKey({ user, sessionId: '' }, 'readings', 'key')
  const endDate = now.slice(0, 10)
  const startDate = Temporal.PlainDate.from(endDate)
    .subtract({ days: days - 1 })
    .toString()
  const worker = engine.startWorker()
  const { id } = await engine.plugins.sync(owner, 'readings', { startDate, endDate })
  for (;;) {
    const job = await engine.jobs.get(owner, id)
    if (job?.status === 'succeeded') break
    if (!job || job.finishedAt) throw new Error(`The days could not be imported: ${job?.reason}`)
    await sleep(lookEveryMs)
  }
  await worker.stop()
  const { rows } = await database.query<{ count: number }>(
    `select count(*)::integer as count from tributary.measurements
     where series_id in (select id from tributary.series where source_id = 'readings')`,
  )
  if ((rows[0]?.count ?? 0) < storedReadings) throw new Error(`${rows[0]?.count} readings were stored`)
}

/** Begins a remap, applies it when it is compared, and gives how many measurements it changed. */
async function remap(engine: RunningEngine): Promise<number> {
  const worker = engine.startWorker()
  try {
    await engine.remaps.begin(owner, 'readings')
    const { preview } = await reach(engine, 'ready')
    await engine.remaps.apply(owner, 'readings')
    await reach(engine, 'applied')
    return preview?.measurements ?? 0
  } finally {
    await worker.stop()
  }
}

async function reach(engine: RunningEngine, status: 'ready' | 'applied') {
  for (;;) {
    const remap = await engine.remaps.get(owner, 'readings')
    if (remap?.status === status) return remap
    await sleep(lookEveryMs)
  }
}
