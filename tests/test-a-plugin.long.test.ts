import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checks } from '@tributary/plugin-sdk/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
let outside: string

/** The files that a page shows, by name. */
async function blocksOf(page: string): Promise<[name: string, code: string][]> {
  const text = await readFile(join(root, 'docs', page), 'utf8')
  return [...text.matchAll(/```ts file=(\S+)\n([\s\S]*?)```/g)].map(([, name = '', code = '']) => [
    name,
    code,
  ])
}

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'tributary-tested-'))
  const [[name, code] = ['', '']] = await blocksOf('test-a-plugin.md')
  for (const [form, plugin] of await blocksOf('add-a-plugin.md')) {
    await mkdir(join(outside, form))
    await writeFile(join(outside, form, 'example-service.ts'), plugin)
    await writeFile(join(outside, form, name), code)
  }
})

afterAll(() => rm(outside, { recursive: true, force: true }))

/** Runs the tests in the folder as their author does, and returns the names of those that passed and failed. */
async function runTests(): Promise<{ passed: string[]; failed: string[] }> {
  const file = join(outside, 'report.json')
  const options = ['--reporter=json', `--outputFile=${file}`]
  spawnSync('npm', ['run', 'test:plugin', '--', outside, ...options], { cwd: root })
  const { testResults } = JSON.parse(await readFile(file, 'utf8')) as {
    testResults: { assertionResults: { title: string; status: string }[] }[]
  }
  const results = testResults.flatMap(({ assertionResults }) => assertionResults)
  const of = (status: string) => results.filter((one) => one.status === status).map(({ title }) => title)
  return { passed: of('passed'), failed: of('failed') }
}

test('each form of a plugin in the documentation passes the contract suite from outside of the repository', async () => {
  const { passed, failed } = await runTests()
  expect(failed).toEqual([])
  // No form has pages, and a plain object does not say which account it is connected to.
  expect(passed.length).toBe(3 * (checks.length - 1) - 1)
})

test('a plugin outside of the repository that breaks a rule fails there', async () => {
  const file = join(outside, 'short-form.ts', 'example-service.ts')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('dailyScore: score,', 'dailyScore: score + 1,'))
  expect((await runTests()).failed).toContain(
    'the first import brings every value, and none where the source has none',
  )
})
