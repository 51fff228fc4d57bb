import { createHash, randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../log.ts'

/** The keys that seal secrets; the first seals, all open. */
export interface KeyRing {
  readonly primary: string
  readonly keys: ReadonlyMap<string, Buffer>
}

/** The keys cannot be used; the message is one sentence for the person who starts it. */
export class KeyRingError extends Error {}

const keyBytes = 32

/** Reads a ring: base64 keys of 32 bytes with commas between, the first of which seals. */
export function parseKeyRing(text: string): KeyRing {
  const keys = new Map<string, Buffer>()
  for (const encoded of text.split(/[\s,]+/).filter(Boolean)) {
    const key = Buffer.from(encoded, 'base64')
    if (key.length !== keyBytes) {
      throw new KeyRingError(
        'TRIBUTARY_KEYS must hold keys of 32 bytes in base64 with commas between; "openssl rand -base64 32" makes one.',
      )
    }
    keys.set(keyIdOf(key), key)
  }
  const primary = keys.keys().next().value
  if (primary === undefined) throw new KeyRingError('TRIBUTARY_KEYS is empty.')
  return { primary, keys }
}

/** Takes the ring from the settings, else from the data folder, where the first start makes it. */
export async function loadKeyRing(
  settings: { keys: string | undefined },
  dataDir: string,
  log: Log,
): Promise<KeyRing> {
  if (settings.keys !== undefined) return parseKeyRing(settings.keys)
  const file = join(dataDir, 'keys')
  if (await makeKeyFile(file)) {
    log.warn(
      { file },
      'A new key was made. It opens every stored credential: back this file up, apart from the database, or set TRIBUTARY_KEYS.',
    )
  }
  return parseKeyRing(await readFile(file, 'utf8'))
}

/** Makes the file whole or not at all, so that processes which start at the same moment take the same key. */
async function makeKeyFile(file: string): Promise<boolean> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(draft, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
    await link(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new KeyRingError(`The key file ${file} cannot be written; check who owns that folder.`, {
      cause: error,
    })
  } finally {
    await rm(draft, { force: true })
  }
}

/** Short, says nothing of the key, and differs for every other key. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('tributary key id\n').update(key).digest('hex').slice(0, 8)
}
