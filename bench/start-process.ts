import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { nodeFlags } from './node-flags.ts'

/** A process that a benchmark needs beside its own. */
export interface OwnProcess {
  /** Resolves with the first line that it writes. */
  firstLine(): Promise<string>
  /** Calls with each line from now on. */
  onLine(listener: (line: string) => void): void
  /** Ends it, and gives the most memory that it held, in MB. */
  stop(): Promise<number>
}

const tellMemory = join(import.meta.dirname, 'tell-memory.ts')
const running = new Set<ChildProcess>()

process.once('exit', () => {
  for (const child of running) child.kill()
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** Starts a file in a process of its own, which ends with this one. */
export function startProcess(
  file: string,
  args: string[] = [],
  environment: Record<string, string> = {},
): OwnProcess {
  const child = spawn(process.execPath, [...nodeFlags, '--import', tellMemory, file, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  })
  running.add(child)
  const ended = once(child, 'close').finally(() => running.delete(child))
  let memory = ''
  ;(child.stdio[3] as Readable).on('data', (chunk: Buffer) => (memory += chunk.toString()))
  const lines = createInterface({ input: child.stdout as Readable })
  const line = new Promise<string>((resolve, reject) => {
    lines.once('line', resolve)
    ended.then(
      () => reject(new Error(`${file} ended before it was ready`)),
      (error: unknown) => reject(error as Error),
    )
  })
  line.catch(() => {})
  return {
    firstLine: () => line,
    onLine: (listener) => lines.on('line', listener),
    async stop() {
      child.kill()
      await ended
      return Number(memory)
    },
  }
}
