/**
 * Prints how long the tests took, by group and for the slowest files: `npm run test:times`, or `npm run test:times REPORT` for a
 * report that Vitest wrote (`--reporter=json --outputFile=REPORT`). A group is a folder of the engine, another package, or `tests`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Report {
  testResults: { name: string; startTime: number; endTime: number; assertionResults: unknown[] }[]
}

const root = fileURLToPath(new URL('..', import.meta.url))
const slowestFiles = 20

function runTests(): Report {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-times-'))
  const file = join(folder, 'report.json')
  const options = ['run', '--exclude', '**/*.long.test.ts', '--reporter=json', `--outputFile=${file}`]
  spawnSync('vitest', options, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: true })
  try {
    return readReport(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const readReport = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Report

function groupOf(path: string): string {
  const [top, name, , folder = ''] = path.split('/')
  if (top !== 'packages') return 'tests'
  return name === 'engine' && !folder.endsWith('.ts') ? `engine/${folder}` : (name ?? '')
}

function printTable(rows: [name: string, seconds: number, tests: number][]): void {
  for (const [name, seconds, tests] of rows)
    console.log(`${seconds.toFixed(1).padStart(8)} s ${String(tests).padStart(6)} tests  ${name}`)
}

const given = process.argv[2]
const report = given === undefined ? runTests() : readReport(given)
const files = report.testResults.map(({ name, startTime, endTime, assertionResults }) => ({
  path: relative(root, name),
  seconds: (endTime - startTime) / 1000,
  tests: assertionResults.length,
}))
const groups = [...Map.groupBy(files, ({ path }) => groupOf(path))].map(
  ([name, found]): [string, number, number] => [
    name,
    found.reduce((sum, { seconds }) => sum + seconds, 0),
    found.reduce((sum, { tests }) => sum + tests, 0),
  ],
)
console.log('By group:')
printTable(groups.sort(([, one], [, other]) => other - one))
console.log(`\nThe ${slowestFiles} slowest files:`)
const slowest = files.sort((one, other) => other.seconds - one.seconds).slice(0, slowestFiles)
printTable(slowest.map(({ path, seconds, tests }) => [path, seconds, tests]))
