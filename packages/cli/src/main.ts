import {
  EmbeddedPostgresError,
  KeyRingError,
  MigrationError,
  readSettings,
  RolesError,
  type Settings,
  SettingsError,
  StartError,
} from '@tributary/engine'
import { demo } from './demo.ts'
import { dev } from './dev.ts'
import { keys, keysUsage } from './keys.ts'
import { AddressError } from './listen.ts'
import { secondStep, secondStepUsage } from './second-step.ts'
import { start } from './start.ts'

const usage = `Usage: tributary COMMAND

  start    web and worker in one process (with its own PostgreSQL where DATABASE_URL is not set)
  web      pages and API alone, on the database of DATABASE_URL
  worker   a worker alone, on the database of DATABASE_URL
  demo     the app on a folder that is thrown away, with simulated sources and a link that signs you in
  dev      as start, with pages rebuilt while they are edited
  keys     status, rotate or re-encrypt: the keys that seal stored credentials
  second-step reset ADDRESS    for who lost the app and the backup codes
`

const commands: Record<string, () => Promise<void>> = {
  start: () => start(readSettings(), { web: true, worker: true }),
  web: () => start(onOutsideDatabase(readSettings()), { web: true, worker: false }),
  worker: () => start(onOutsideDatabase(readSettings()), { web: false, worker: true }),
  demo: () => demo(readSettings()),
  dev: () => dev(readSettings()),
  async keys() {
    if (await keys(readSettings(), process.argv[3])) return
    console.error(keysUsage)
    process.exitCode = 2
  },
  async 'second-step'() {
    if (await secondStep(readSettings(), process.argv[3], process.argv[4])) return
    console.error(secondStepUsage)
    process.exitCode = 2
  },
}

/** Processes that share the work need a database that each of them reaches. */
function onOutsideDatabase(settings: Settings): Settings {
  if (settings.databaseUrl !== undefined) return settings
  throw new SettingsError(
    'DATABASE_URL is not set: web and worker as processes of their own need an outside database.',
  )
}

/** Faults that the person who starts it can mend: one sentence, no stack. */
const plain = [
  SettingsError,
  KeyRingError,
  MigrationError,
  RolesError,
  EmbeddedPostgresError,
  StartError,
  AddressError,
]

const command = commands[process.argv[2] ?? '']
if (command) {
  try {
    await command()
  } catch (error) {
    console.error(plain.some((kind) => error instanceof kind) ? (error as Error).message : error)
    process.exit(1)
  }
} else {
  console.error(usage)
  process.exitCode = 2
}
