import type { BaseIntegrationHandler, DataImportPlugin } from '@tributary/plugin-sdk'
import { pino } from 'pino'
import { createEngine, type RunningEngine } from '../packages/engine/src/create-engine.ts'
import { parseKeyRing } from '../packages/engine/src/secrets/key-ring.ts'
import { readSettings } from '../packages/engine/src/configuration/settings.ts'
import type { Simulation } from '../packages/engine/src/sources/source-settings.ts'

/** The time at which the benchmarks are: the same data in each run. */
export const now = '2026-11-20T12:00:00Z'
export const publicUrl = 'http://localhost:5173'
/** Of a database that is thrown away. */
export const keys = Buffer.alloc(32, 1).toString('base64')

/** An engine on the benchmarks' database, at their time. */
export function openEngine(
  databaseUrl: string,
  plugins: Iterable<BaseIntegrationHandler | DataImportPlugin>,
  simulation?: Simulation,
): Promise<RunningEngine> {
  const time = Temporal.Instant.from(now)
  return createEngine({
    settings: readSettings({ TRIBUTARY_SIMULATE: 'all', PUBLIC_URL: publicUrl }),
    databaseUrl,
    keys: parseKeyRing(keys),
    plugins: [...plugins].map((plugin) => ({ plugin, file: 'a benchmark' })),
    log: pino({ level: 'warn' }, pino.destination(2)),
    clock: { now: () => time, wait: () => Promise.resolve() },
    ...(simulation ? { simulation } : {}),
  })
}
