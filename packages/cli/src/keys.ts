import {
  createLog,
  type KeyKeeping,
  keepKeys,
  type KeyStatus,
  loadKeyRing,
  makeKey,
  type Settings,
} from '@tributary/engine'
import { openDataDir, reachDatabase } from './open-database.ts'

export const keysUsage = `Usage: tributary keys COMMAND

  status       which keys seal and open how much, and which may be taken away
  rotate       a new key seals from now on
  re-encrypt   everything that another key sealed is sealed by that one; may be cut short and begun again
`

type Command = (keys: KeyKeeping, place: { settings: Settings; dataDir: string }) => Promise<string>

const commands: Record<string, Command> = {
  status: async (keys) => (await keys.status()).map(describe).join('\n'),
  rotate,
  're-encrypt': async (keys) => {
    const sealed = await keys.reEncrypt((count) => console.log(`${count} values sealed`))
    const { id } = (await keys.status()).find(({ state }) => state === 'seals') ?? { id: '' }
    return sealed === 0 ? `Key ${id} seals everything already.` : `Key ${id} seals everything now.`
  },
}

/** Looks after the keys, while the app runs or not. `false`: there is no such command. */
export async function keys(settings: Settings, name = ''): Promise<boolean> {
  const command = commands[name]
  if (!command) return false
  const log = createLog(settings.logLevel)
  const dataDir = await openDataDir(settings, log)
  const ring = await loadKeyRing(settings, dataDir, log)
  const database = await reachDatabase(settings, dataDir, log)
  try {
    const keeping = await keepKeys(database.url, ring)
    try {
      console.log(await command(keeping, { settings, dataDir }))
    } finally {
      await keeping.close()
    }
  } finally {
    await database.stop()
  }
  return true
}

async function rotate(...[keys, { settings, dataDir }]: Parameters<Command>): Promise<string> {
  if (settings.keys === undefined) {
    const id = await keys.rotate(dataDir)
    return `Key ${id} seals from now on; processes on this data folder take it by themselves. Back the file "keys" up, then run "tributary keys re-encrypt".`
  }
  return `The keys are given by TRIBUTARY_KEYS, so they change there. No process may seal by a key that another has not got yet:

  1. Put the new key behind the others and restart every process: TRIBUTARY_KEYS="$TRIBUTARY_KEYS,${makeKey()}"
  2. Put it first and restart every process again: from then on it seals.
  3. Run "tributary keys re-encrypt".
  4. Take away the keys that "tributary keys status" calls unused.
`
}

function describe({ id, state, uses }: KeyStatus): string {
  const words = {
    seals: 'seals now',
    opens: 'opens what it sealed before',
    unused: 'is unused and may be taken away',
    missing: 'is MISSING and must be put back',
  }
  const counts = uses.map(({ values, words: what }) => `${values} ${what}`)
  return `Key ${id} ${words[state]}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}.`
}
