import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { link, readFile, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabRecord, LabStore } from './lab-store.ts'

const OWNER_ONLY = 0o600
const ABANDONED_AFTER = 60 * 60 * 1000

/**
 * A store in a folder that any number of processes share: one small file per record, and the file `key`.
 *
 * A file is written beside its place and then moved (`put`) or linked (`putNew`) there, so that none is ever seen half
 * written and one writer wins. Throws what the file system throws, but for a file that is already there or already gone.
 */
export function fileStore(folder: string): LabStore {
  // Not recursive: of a disk that cannot be written to, Node then says that the folder above is missing.
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
  const place = (name: string) => join(folder, `${name}.json`)
  const beside = () => join(folder, `${randomUUID()}.part`)

  const write = async (record: LabRecord): Promise<string> => {
    const part = beside()
    await writeFile(part, JSON.stringify(record), { flag: 'wx', mode: OWNER_ONLY })
    return part
  }

  return {
    key: readOrMakeKey(folder, beside()),
    get: (name) => readRecord(place(name)),
    async put(name, record) {
      await rename(await write(record), place(name))
    },
    async putNew(name, record) {
      const part = await write(record)
      try {
        await link(part, place(name))
        return true
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false
        throw error
      } finally {
        await unlink(part)
      }
    },
    async remove(name) {
      await rm(place(name), { force: true })
    },
    async sweep(now) {
      for (const file of await readdir(folder)) {
        const path = join(folder, file)
        if (file.endsWith('.part') ? await isAbandoned(path) : await hasExpired(path, now))
          await rm(path, { force: true })
      }
    },
  }
}

function readOrMakeKey(folder: string, part: string): Buffer {
  const path = join(folder, 'key')
  if (existsSync(path)) return readFileSync(path)
  writeFileSync(part, randomBytes(32), { flag: 'wx', mode: OWNER_ONLY })
  try {
    linkSync(part, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    unlinkSync(part)
  }
  return readFileSync(path)
}

async function readRecord(path: string): Promise<LabRecord | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LabRecord
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

async function hasExpired(path: string, now: number): Promise<boolean> {
  if (!path.endsWith('.json')) return false
  const record = await readRecord(path)
  return record !== undefined && record.expiresAt !== null && record.expiresAt < now
}

/** What a process left that died while it wrote. */
async function isAbandoned(path: string): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < Date.now() - ABANDONED_AFTER
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
