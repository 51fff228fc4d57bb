import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** What a running server says of itself in its data folder. */
export interface PostmasterFile {
  pid: number
  port: number
  ready: boolean
}

/** Reads the file that a running server keeps in its data folder, or one that ended badly has left there. */
export async function readPostmasterFile(folder: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => undefined)
  const lines = text?.split('\n') ?? []
  const pid = Number(lines[0])
  return pid > 0 ? { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' } : undefined
}

/** Removes a file that a server has left behind: its number may by now be another process's. */
export async function removePostmasterFile(folder: string): Promise<void> {
  await rm(join(folder, 'postmaster.pid'), { force: true })
}
