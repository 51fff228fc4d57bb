import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '../packages/engine/src/database/embedded/start-embedded-postgres.ts'
import { benchmarks, isBenchmark } from './benchmarks.ts'
import { nodeFlags } from './node-flags.ts'
import type { Result } from './result.ts'
import { toTable } from './table.ts'

const all = Object.keys(benchmarks)
const usage = `Usage: npm run bench -- [NAME…] [--json]   (names: ${all.join(', ')})`
const { names, json } = readArguments()
const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.abort())

try {
  const results = await measureAll()
  console.log(json ? JSON.stringify(results, null, 2) : toTable(results))
} catch (error) {
  if (!ending.signal.aborted) console.error(error)
  process.exitCode = 1
}

function readArguments(): { names: string[]; json: boolean } {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    })
    const unknown = positionals.filter((name) => !isBenchmark(name))
    if (unknown.length > 0) throw new Error(`There is no benchmark "${unknown.join('", "')}".`)
    return { names: positionals.length > 0 ? positionals : all, json: values.json }
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    process.exit(2)
  }
}

/** Runs the benchmarks one after the other on one database that is thrown away. */
async function measureAll(): Promise<Result[]> {
  if (names.includes('read')) {
    console.error('Building the pages …')
    await run('../packages/web/build-if-changed.ts')
  }
  const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-'))
  const log = { info() {}, warn() {}, error: (message: string) => console.error(message) }
  try {
    const server = await startEmbeddedPostgres({ dataDir: folder, log })
    try {
      if (names.some((name) => name !== 'schedule')) {
        console.error('Storing 8,000,000 measurements …')
        await run('store.ts', server.url)
      }
      const results: Result[] = []
      for (const name of names) {
        console.error(`Measuring ${name} …`)
        results.push(JSON.parse(await run('measure.ts', name, server.url)) as Result)
      }
      return results
    } finally {
      await server.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs a file in a process of its own, so that its memory is its own, with the flags of `npm start`; gives what it writes. */
function run(file: string, ...args: string[]): Promise<string> {
  ending.signal.throwIfAborted()
  const child = spawn(process.execPath, [...nodeFlags, join(import.meta.dirname, file), ...args], {
    signal: ending.signal,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  return new Promise((resolve, reject) => {
    let fault: Error | undefined
    child.once('error', (error) => (fault = error))
    child.once('close', (code) => {
      if (code === 0) resolve(text)
      else reject(fault ?? new Error(`${[file, ...args.slice(0, 1)].join(' ')} ended with code ${code}`))
    })
  })
}
