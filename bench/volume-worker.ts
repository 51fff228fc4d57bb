import { pino } from 'pino'
import { createEngine } from '../packages/engine/src/create-engine.ts'
import { parseKeyRing } from '../packages/engine/src/secrets/key-ring.ts'
import { readSettings } from '../packages/engine/src/configuration/settings.ts'
import { plugins } from '../packages/plugins/src/index.ts'

/** What the worker that is measured is told. */
export interface VolumeWorkerOptions {
  databaseUrl: string
  keys: string
  simulation: {
    sources: string[]
    zone: string
    url: string
    client: { clientId: string; clientSecret: string }
  }
}

const { databaseUrl, keys, simulation } = JSON.parse(process.argv[2] ?? '{}') as VolumeWorkerOptions
const engine = await createEngine({
  settings: readSettings({ TRIBUTARY_SIMULATE: 'all' }),
  databaseUrl,
  keys: parseKeyRing(keys),
  plugins: plugins.map((plugin) => ({ plugin, file: 'a benchmark' })),
  log: pino({ level: 'error' }),
  simulation: {
    ...simulation,
    client: () => simulation.client,
    publicUrl: simulation.url,
    keepsLimits: false,
  },
})
engine.startWorker()
