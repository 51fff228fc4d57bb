import { plugins } from '@tributary/plugins'
import { createConfiguration } from '../configuration/configuration.ts'
import { createAccessTokens } from '../connections/access-token.ts'
import { openDatabase } from '../database/database.ts'
import { createLog } from '../runtime/log.ts'
import { createOutgoing } from '../outgoing/outgoing.ts'
import { parseKeyRing } from '../secrets/key-ring.ts'
import { Sealer } from '../secrets/sealer.ts'
import { readSettings } from '../configuration/settings.ts'
import { createRegistry } from '../sources/registry.ts'
import { createSourceSettings } from '../sources/source-settings.ts'
import { examplePlugin } from './example-plugin.ts'
import { createTestClock } from './test-clock.ts'

/** A process that asks for the access tokens of connections, each many times and all at once, when it is told to go. */
export interface RefreshProcessOptions {
  databaseUrl: string
  keys: string
  now: string
  labUrl: string
  source: string
  client: { clientId: string; clientSecret: string }
  connections: { id: string; user_id: string }[]
  /** How many ask for each. */
  callers: number
}

/** What it says at the end: the different tokens that its callers got, and the errors. */
export interface RefreshOutcome {
  tokens: string[]
  errors: string[]
}

const options = JSON.parse(process.argv[2] ?? '{}') as RefreshProcessOptions
const { databaseUrl, keys, labUrl, source, client, connections, callers } = options
const database = openDatabase({ url: databaseUrl })
const settings = readSettings({ TRIBUTARY_SIMULATE: 'all' })
const sealer = new Sealer(parseKeyRing(keys))
const configuration = createConfiguration(database, sealer, settings)
const found = [...plugins, examplePlugin('example')].map((plugin) => ({ plugin, file: 'a test' }))
const registry = await createRegistry(found, { values: async () => ({}), fetch: () => fetch })
const { plugin } = registry.handler(source)
const simulation = {
  sources: [source],
  zone: 'UTC',
  client: () => client,
  url: labUrl,
  publicUrl: labUrl,
  keepsLimits: false,
}
const accessTokens = createAccessTokens({
  database,
  registry,
  sealer,
  clock: createTestClock(options.now),
  sourceSettings: createSourceSettings(configuration, settings, registry, simulation, createLog('silent')),
  outgoing: createOutgoing({ privateHosts: [new URL(labUrl).host] }),
})

process.once('message', () => void answer())
process.send?.('ready')

async function answer(): Promise<void> {
  const settled = await Promise.allSettled(
    connections.flatMap((connection) =>
      Array.from({ length: callers }, () => accessTokens.get(connection, plugin)),
    ),
  )
  const outcome: RefreshOutcome = { tokens: [], errors: [] }
  for (const one of settled) {
    if (one.status === 'fulfilled') outcome.tokens.push(one.value)
    else outcome.errors.push(String(one.reason))
  }
  outcome.tokens = [...new Set(outcome.tokens)]
  await database.close()
  process.send?.(outcome, () => process.disconnect?.())
}
