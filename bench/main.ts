import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../packages/engine/src/database/embedded/start-embedded-postgres.ts'
import { benchmarks, isBenchmark } from './benchmarks.ts'
import type { Result } from './result.ts'
import { storeMeasurements } from './stored.ts'
import { toTable } from './table.ts'

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const json = process.argv.includes('--json')
const unknown = names.filter((name) => !isBenchmark(name))
if (unknown.length > 0) {
  console.error(
    `There is no benchmark "${unknown.join('", "')}". There are: ${Object.keys(benchmarks).join(', ')}.`,
  )
  process.exit(1)
}

const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-'))
const log = { info() {}, warn() {}, error: (message: string) => console.error(message) }
const server = await startEmbeddedPostgres({ dataDir: folder, log })
try {
  console.error('Storing 8,000,000 measurements …')
  await storeMeasurements(server.url)
  const results: Result[] = []
  for (const name of names.length > 0 ? names : Object.keys(benchmarks)) {
    console.error(`Measuring ${name} …`)
    results.push(await measureAlone(name, server.url))
  }
  console.log(json ? JSON.stringify(results, null, 2) : toTable(results))
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

/** Each benchmark has a process of its own, so that its memory is its own. */
function measureAlone(name: string, databaseUrl: string): Promise<Result> {
  const flags = ['--max-semi-space-size=2', '--optimize-for-size']
  const child = spawn(
    process.execPath,
    [...flags, join(import.meta.dirname, 'measure.ts'), name, databaseUrl],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(text) as Result)
      else reject(new Error(`${name} ended with code ${code}`))
    })
  })
}
