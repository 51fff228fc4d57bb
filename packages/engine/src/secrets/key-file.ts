import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { chown, link, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Log } from '../runtime/log.ts'
import { explainStart } from '../database/machine-faults.ts'
import { keyBytes, type KeyRing, parseKeyRing } from './key-ring.ts'

export function keyFileOf(dataDir: string): string {
  return join(dataDir, 'keys')
}

export function makeKey(): string {
  return randomBytes(keyBytes).toString('base64')
}

/** Takes the ring from the settings, else from the data folder, where the first start makes it. */
export async function loadKeyRing(
  settings: { keys: string | undefined },
  dataDir: string,
  log: Log,
): Promise<KeyRing> {
  if (settings.keys !== undefined) return parseKeyRing(settings.keys)
  const file = keyFileOf(dataDir)
  if (await makeKeyFile(file)) {
    log.warn(
      { file },
      'A new key was made. It opens every stored credential: back this file up, apart from the database, or set TRIBUTARY_KEYS.',
    )
  }
  return followKeyFile(file)
}

/**
 * The ring of a file that may change while this process lives: what is sealed is sealed by the key that is first in the file
 * at that moment, and a key that is not known is looked for there once more.
 */
function followKeyFile(file: string): KeyRing {
  let ring = parseKeyRing(readFileSync(file, 'utf8'))

  function reread(): KeyRing {
    try {
      ring = parseKeyRing(readFileSync(file, 'utf8'))
    } catch {
      // A file that was moved or spoiled meanwhile must not end the work of a process that knows its keys.
    }
    return ring
  }

  return {
    get primary() {
      return reread().primary
    },
    get ids() {
      return reread().ids
    },
    find: (id) => ring.find(id) ?? reread().find(id),
  }
}

/**
 * Makes the file, where there is none: whole or not at all, so that processes which start at the same moment take the same
 * key. One that is there is enough, also on a disk that is full or cannot be written to.
 */
async function makeKeyFile(file: string): Promise<boolean> {
  if (existsSync(file)) return false
  const draft = draftOf(file)
  try {
    await writeDraft(draft, [makeKey()])
    await link(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw explainStart(error, dirname(file))
  } finally {
    await rm(draft, { force: true }).catch(() => {})
  }
}

/** Puts a key before the others; the file is at every moment the old one or the new one, whole and readable for its owner. */
export async function addToKeyFile(file: string, key: string): Promise<KeyRing> {
  const draft = draftOf(file)
  try {
    const before = (await readFile(file, 'utf8')).split(/[\s,]+/).filter(Boolean)
    const { uid, gid } = await stat(file)
    await writeDraft(draft, [key, ...before])
    if (process.getuid?.() === 0) await chown(draft, uid, gid)
    await rename(draft, file)
    await syncFolder(dirname(file))
    return parseKeyRing(await readFile(file, 'utf8'))
  } catch (error) {
    throw explainStart(error, file)
  } finally {
    await rm(draft, { force: true }).catch(() => {})
  }
}

function draftOf(file: string): string {
  return `${file}.${randomBytes(6).toString('hex')}`
}

async function writeDraft(draft: string, keys: string[]): Promise<void> {
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(`${keys.join('\n')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The new name lasts a loss of power: what a lost key sealed would be lost with it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
