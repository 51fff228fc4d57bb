import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findCanary } from '../../packages/engine/src/testing/canaries.ts'
import { searchFiles } from './search-files.ts'

const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
const searching = new URL('./search-answers.ts', import.meta.url).href
const checking = new URL('./check-answers.ts', import.meta.url).href

/** The app as a user starts it: a process of its own, on a folder and a port of its own. */
export interface App {
  url: string
  /** The one-time link of the first start. */
  setUpLink: string
  output(): string
  /**
   * Ends it, and fails where a secret stands in its log, in an answer that it gave or in its own database in plain, or where a
   * response of the API is not as it is declared.
   */
  stop(): Promise<void>
}

export async function startApp(environment: Record<string, string> = {}): Promise<App> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-app-'))
  const port = await freePort()
  const child = runCommand('start', {
    PORT: String(port),
    TRIBUTARY_DATA_DIR: folder,
    TRIBUTARY_LOG_LEVEL: 'trace',
    ...environment,
  })
  await child.until(/Tributary is at/)
  return {
    url: `http://localhost:${port}`,
    setUpLink: /http:\S+\/set-up\/\S+/.exec(child.output())?.[0] ?? '',
    output: child.output,
    async stop() {
      await child.stop()
      try {
        await searchFiles(join(environment['TRIBUTARY_DATA_DIR'] ?? folder, 'postgres'))
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

/** What is printed to be taken from there: links that work once, and a key to set. */
const printed = /\/(set-up|sign-in\/link)\/\S+|TRIBUTARY_KEYS="[^"]*"/g

/** Runs one command of the command line, e.g. `keys status`; `shell`: a program that runs what follows it, with arguments. */
export function runCommand(command: string, environment: Record<string, string>, shell: string[] = []) {
  const { PATH = '', HOME = '' } = process.env
  const words = [
    ...shell,
    process.execPath,
    '--import',
    searching,
    '--import',
    checking,
    main,
    ...command.split(' '),
  ]
  const child: ChildProcess = spawn(words[0] ?? '', words.slice(1), {
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      for (const listener of listeners) listener()
    })
  }
  const exited = once(child, 'exit').then(([code]) => {
    for (const listener of listeners) listener()
    const found = findCanary(output.replaceAll(printed, ''))
    if (found !== undefined) throw new Error(`a secret stands in the output in plain: …${found}…\n${output}`)
    const mismatch = /the response to .* is not as declared[^\n]*/.exec(output)?.[0]
    if (mismatch !== undefined) throw new Error(mismatch)
    return code as number | null
  })
  return {
    output: () => output,
    pid: child.pid,
    exited,
    kill: () => child.kill('SIGKILL'),
    signal: (name: NodeJS.Signals) => child.kill(name),
    async until(pattern: RegExp): Promise<void> {
      while (!pattern.test(output)) {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${output}`)
        await new Promise<void>((resolve) => {
          const listener = () => {
            listeners.delete(listener)
            resolve()
          }
          listeners.add(listener)
        })
      }
    },
    async stop(): Promise<void> {
      child.kill('SIGTERM')
      await exited
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
