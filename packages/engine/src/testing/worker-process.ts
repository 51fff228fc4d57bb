import { plugins } from '@tributary/plugins'
import { pino } from 'pino'
import { changeSteps } from './change-steps.ts'
import { createTestClock } from './test-clock.ts'
import { createEngine } from '../create-engine.ts'
import { parseKeyRing } from '../secrets/key-ring.ts'
import { readSettings } from '../configuration/settings.ts'

/** A worker in a process of its own, for tests that kill it. */
export interface WorkerProcessOptions {
  databaseUrl: string
  keys: string
  now: string
  labUrl: string
  client: { clientId: string; clientSecret: string }
  /** What its mapping makes of steps; what the plugin says unless given. */
  stepsFactor?: number
}

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerProcessOptions
const { stepsFactor: factor } = options
const engine = await createEngine({
  settings: readSettings({ TRIBUTARY_SIMULATE: 'all' }),
  databaseUrl: options.databaseUrl,
  keys: parseKeyRing(options.keys),
  plugins: (factor === undefined ? plugins : [changeSteps(() => factor)]).map((plugin) => ({
    plugin,
    file: 'a test',
  })),
  log: pino({ level: 'silent' }),
  clock: createTestClock(options.now),
  simulation: {
    sources: ['fitbit'],
    zone: 'Europe/Berlin',
    client: () => options.client,
    url: options.labUrl,
    publicUrl: options.labUrl,
    keepsLimits: true,
  },
})
engine.startWorker({ leaseSeconds: 1 })
