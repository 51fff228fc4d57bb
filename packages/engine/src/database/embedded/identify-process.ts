import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'

/** What tells a process from every other, here or in another container that shares the folder. */
export interface ProcessIdentity {
  pid: number
  /**
   * The machine, its boot and its set of process numbers: only in the same place can a number be looked up.
   */
  place: string
  /** When it began, by the kernel's count, so that a number used again is seen; unknown outside Linux. */
  began: string | undefined
}

/** Tells who we are. */
export async function identifySelf(): Promise<ProcessIdentity> {
  return { pid: process.pid, place: await identifyPlace(), began: await readBeginning(process.pid) }
}

/** Says whether a process still lives, or `unknown` where it cannot be told from here. */
export async function judgeProcess({
  pid,
  place,
  began,
}: ProcessIdentity): Promise<'alive' | 'dead' | 'unknown'> {
  if (place !== (await identifyPlace())) return 'unknown'
  if (!exists(pid)) return 'dead'
  if (began === undefined) return 'unknown'
  return (await readBeginning(pid)) === began ? 'alive' : 'dead'
}

/** Says whether a process of this number exists, whoever it is. */
export function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function identifyPlace(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  const numbers = await readlink('/proc/self/ns/pid').catch(() => '')
  return [hostname(), boot.trim(), numbers].join(' ').trim()
}

async function readBeginning(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The second column is the program's name in brackets, which may hold anything; the beginning is the 22nd.
  const [state, ...rest] = line?.slice(line.lastIndexOf(')') + 2).split(' ') ?? []
  return state === 'Z' ? undefined : rest[18]
}
