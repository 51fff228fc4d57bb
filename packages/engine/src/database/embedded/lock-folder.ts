import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
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
  while (!(await create(path, claim))) await removeAbandoned(path)
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), BEAT).unref()
  return async () => {
    clearInterval(beat)
    if ((await readIfThere(path)) === claim) await rm(path, { force: true })
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

async function removeAbandoned(path: string): Promise<void> {
  const claim = await readIfThere(path)
  if (claim === undefined) return
  const holder = parse(claim)
  const state = holder ? await judgeProcess(holder) : 'unknown'
  if (state === 'alive' || (state === 'unknown' && (await isBeating(path)))) throw inUse(path, holder)

  // Moved before it is removed: should another have just taken the folder, its claim goes back.
  const aside = `${path}.${randomUUID()}`
  await rename(path, aside).catch(() => {})
  const moved = await readIfThere(aside)
  if (moved !== undefined && moved !== claim) await link(aside, path).catch(() => {})
  await rm(aside, { force: true })
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
