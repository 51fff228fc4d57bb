import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** One test of a run. `name`: its full name, those of its groups first. */
export interface TestResult {
  file: string
  name: string
  status: 'passed' | 'failed' | 'skipped'
}

/** What ran, and what kept a file from running its tests: `file: message`. */
export interface TestRun {
  tests: TestResult[]
  errors: string[]
}

/** A run of Vitest as its JSON reporter writes it. */
interface Report {
  testResults: {
    name: string
    message: string
    assertionResults: { fullName: string; status: string }[]
  }[]
}

/** For each file; a break may make a test wait for ever. */
const limitMs = 10 * 60_000

const running = new Set<ChildProcess>()

/** Runs test files of a copy of the project, or only the tests with a name that contains `testName`. */
export async function runTests(copy: string, files: string[], testName?: string): Promise<TestRun> {
  const report = join(copy, 'mutation-report.json')
  rmSync(report, { force: true })
  const name = testName === undefined ? [] : ['--testNamePattern', RegExp.escape(testName)]
  const vitest = join(copy, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [vitest, 'run', ...files, ...name, '--reporter=json', `--outputFile=${report}`]
  try {
    await build(copy, files)
    await start(copy, args, limitMs * files.length)
  } catch (error) {
    // Vitest also ends with an error where a test fails; its report says what happened.
    const run = readReport(report, copy)
    return run ?? { tests: [], errors: [(error as Error).message] }
  }
  return readReport(report, copy) ?? { tests: [], errors: ['Vitest wrote no report.'] }
}

/** Ends the tests that are running; resolves when their processes have ended. */
export async function endTests(): Promise<void> {
  const ends = [...running].map((child) => once(child, 'exit'))
  for (const child of running) child.kill()
  await Promise.all(ends)
}

/** Builds the pages where a test needs them and their sources changed. */
async function build(copy: string, files: string[]): Promise<void> {
  if (files.some((file) => file.startsWith('tests/')))
    await start(copy, ['packages/web/build-if-changed.ts'], limitMs)
}

async function start(copy: string, args: string[], timeout: number): Promise<void> {
  // The project's own tests have to notice a break, not those that read files from outside.
  const { TRIBUTARY_SHARED: _, ...env } = process.env
  const options = { cwd: copy, env, timeout, maxBuffer: Infinity }
  const ended = promisify(execFile)(process.execPath, args, options)
  running.add(ended.child)
  try {
    await ended
  } finally {
    running.delete(ended.child)
  }
}

function readReport(report: string, copy: string): TestRun | undefined {
  let text: string
  try {
    text = readFileSync(report, 'utf8')
  } catch {
    return undefined
  }
  const files = (JSON.parse(text) as Report).testResults
  const tests = files.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map(({ fullName: name, status }) => ({
      file: file.slice(copy.length + 1),
      name,
      status: read(status),
    })),
  )
  return {
    tests,
    errors: files.filter(({ message }) => message).map(({ name, message }) => `${name}: ${message}`),
  }
}

function read(status: string): TestResult['status'] {
  return status === 'passed' || status === 'failed' ? status : 'skipped'
}
