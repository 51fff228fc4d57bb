import { memoryStore, startLab } from '../packages/provider-lab/src/index.ts'

/** The simulated providers, which answer as fast as they can, as often as they are asked. */
const [now = '', publicUrl = ''] = process.argv.slice(2)
const time = Temporal.Instant.from(now)
const { lab, url } = await startLab({
  store: memoryStore(),
  clock: () => time,
  requestLimits: Number.MAX_SAFE_INTEGER,
  redirectUri: (source) => `${publicUrl}/api/plugins/${source}/callback`,
})
process.once('SIGTERM', () => process.exit())
console.log(JSON.stringify({ url, sources: lab.sources, zone: lab.zone, client: lab.client('fitbit') }))
