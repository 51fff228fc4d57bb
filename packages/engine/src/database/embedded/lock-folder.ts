import { createHash, randomUUID } from 'node:crypto'
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { identifySelf, judgeProcess, type ProcessIdentity } from './identify-process.ts'

const BEAT = 2_000
const SILENCE = 10_000

/**
 * Takes the data folder for this process and gives the function that lets it go. PostgreSQL's own lock
 * looks only at process numbers, which mean nothing in another container on the same folder; this one also
 * keeps beating.
 * Throws EmbeddedPostgresError when another Tributary uses the folder.
 */
export async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  const path = join(dataDir, 'postgres.lock')
  const claim = JSON.stringify({ ...(await identifySelf()), claim: randomUUID() })
  await take(path, claim)
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), BEAT).unref()
  return async () => {
    clearInterval(beat)
    if ((await readIfThere(path)) === claim) await rm(path, { force: true })
  }
}

/**
 * Makes the file, or takes it over from a holder who is gone. Only who holds the file named after that holder's claim may
 * replace it, so that of many who find it abandoned one goes on; should that one die, its own file is taken over likewise.
 */
async function take(path: string, claim: string): Promise<void> {
  while (!(await create(path, claim))) {
    const found = await readIfThere(path)
    if (found === undefined) continue
    const holder = parse(found)
    const state = holder ? await judgeProcess(holder) : 'unknown'
    if (state === 'alive' || (state === 'unknown' && (await isBeating(path)))) throw inUse(path, holder)

    const successor = `${path}.${createHash('sha256').update(found).digest('hex').slice(0, 16)}`
    await take(successor, claim)
    if ((await readIfThere(path)) === found) return rename(successor, path)
    await rm(successor, { force: true })
  }
}

async function create(path: string, claim: string): Promise<boolean> {
  try {
    await writeFile(path, claim, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function isBeating(path: string): Promise<boolean> {
  const first = await readBeat(path)
  if (first === undefined) return false
  const deadline = Math.min(first, Date.now()) + SILENCE
  while (Date.now() < deadline) {
    await pause(200)
    const beat = await readBeat(path)
    if (beat !== first) return beat !== undefined
  }
  return false
}

async function readBeat(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mtimeMs
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parse(claim: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(claim) as ProcessIdentity
  } catch {
    return undefined
  }
}

function inUse(path: string, holder: ProcessIdentity | undefined): EmbeddedPostgresError {
  const who = holder ? `process ${holder.pid} on ${holder.place.split(' ')[0]}` : 'which has just begun'
  return new EmbeddedPostgresError(
    `The data folder ${dirname(path)} is in use by another Tributary (${who}): stop that one first, or set ` +
      `TRIBUTARY_DATA_DIR to another folder.`,
  )
}
