import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { jobProblems } from '../packages/engine/src/domain/job-problems.ts'

test('docs/operate.md names every problem that a job can have, with its owner', async () => {
  const page = await readFile(fileURLToPath(new URL('../docs/operate.md', import.meta.url)), 'utf8')
  const [, section = ''] = /## Whose problem it is\n([\s\S]*?)\n## /.exec(page) ?? []
  const rows = [...section.matchAll(/^\| `([a-z-]+)` +\| (\w+) /gm)].map(([, code, owner]) => [code, owner])
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(jobProblems).map(([code, { owner }]) => [code, owner])),
  )
})

test('every sentence of a problem says what happened and what follows', () => {
  for (const { message } of Object.values(jobProblems)) expect(message).toMatch(/^[A-Z].*[a-z][.;].*\.$/)
})
