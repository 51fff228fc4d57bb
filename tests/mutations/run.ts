/**
 * Applies every patch of this folder to a scratch copy of the project and requires that the test which it names fails.
 *
 * `npm run mutations` runs all patches, `npm run mutations -- NAME…` those named. One line each, and a last one with the
 * counts; it ends with 1 where a patch does not apply, or no test fails by it, or its test fails without it.
 */
import { resolve } from 'node:path'
import { type Mutation, readPatches } from './read-patches.ts'
import { endTests, runTests, type TestRun } from './run-tests.ts'
import { applyPatch, createScratchCopy, revertPatch } from './scratch-copy.ts'

const root = resolve(import.meta.dirname, '../..')

/** As many tests as the project's own runs have at a time. */
const atOnce = 2

let stopping = false

/** Says why a mutation does not count, or nothing where its test fails as it must. */
async function tryMutation(copy: string, mutation: Mutation): Promise<string | undefined> {
  try {
    applyPatch(copy, mutation.path)
  } catch (error) {
    return `The patch does not apply: ${String((error as { stderr?: unknown }).stderr).trim()}`
  }
  try {
    const { tests, errors } = await runTests(copy, [mutation.test], mutation.testName)
    if (tests.some(({ status }) => status === 'failed')) return undefined
    if (errors.length > 0) return `The tests could not run with the patch: ${errors.join(' ')}`
    return 'No test fails with the patch.'
  } finally {
    revertPatch(copy, mutation.path)
  }
}

/** Says what is wrong with a mutation's test where nothing is broken. */
function checkUnbroken({ tests, errors }: TestRun, { test, testName = '' }: Mutation): string | undefined {
  const named = tests.filter(({ file, name }) => file === test && name.includes(testName))
  const failed = named.find(({ status }) => status === 'failed')
  if (failed) return `The test fails without the patch too: ${failed.name}`
  if (named.some(({ status }) => status === 'passed')) return undefined
  const reason = errors.length > 0 ? errors.join(' ') : 'no test has that name, or it is skipped.'
  return `The test does not run without the patch: ${reason}`
}

async function runAll(mutations: Mutation[]): Promise<number> {
  const copies = Array.from({ length: Math.min(atOnce, mutations.length) }, () => createScratchCopy(root))
  const unbroken = await runTests(copies[0] ?? '', [...new Set(mutations.map(({ test }) => test))])
  const waiting = mutations.values()
  let failed = 0
  const work = async (copy: string) => {
    for (const mutation of waiting) {
      const reason = checkUnbroken(unbroken, mutation) ?? (await tryMutation(copy, mutation))
      if (stopping) return
      console.log(`${reason ? 'failed' : 'passed'}  ${mutation.name}: ${reason ?? mutation.breaks}`)
      if (reason) failed += 1
    }
  }
  await Promise.all(copies.map(work))
  console.log(`${mutations.length - failed} passed, ${failed} failed`)
  return failed
}

async function stop(exitCode: number): Promise<void> {
  stopping = true
  await endTests()
  process.exit(exitCode)
}

process.once('SIGINT', () => void stop(130))
process.once('SIGTERM', () => void stop(143))
process.exitCode = (await runAll(readPatches(import.meta.dirname, process.argv.slice(2)))) > 0 ? 1 : 0
