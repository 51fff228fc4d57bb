import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(`${root}docs/security.md`, 'utf8')
const [, table = ''] = page.split(/^## Threats$/m)
const [section = ''] = table.split(/^## /m)
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

/** Whether a file has a test of that name, which is run. */
function hasTest(text: string, sentence: string): boolean {
  const at = ["'", '"', '`'].map((quote) => text.indexOf(quote + sentence + quote)).find((at) => at >= 0)
  if (at === undefined) return false
  const called = text.slice(0, at).trimEnd()
  return called.endsWith('(') && !/\b(test|it)\.(skip|todo)\($/.test(called)
}

test('there are at least 36 threats, each told once', () => {
  expect(rows.length).toBeGreaterThanOrEqual(36)
  expect(new Set(rows.map(([threat]) => threat)).size).toBe(rows.length)
})

test.each(rows.map((cells) => [cells[0] ?? '', cells] as const))(
  '%s: what keeps it out, and a test that is there',
  (threat, cells) => {
    expect(cells).toHaveLength(3)
    const [, guard = '', named = ''] = cells
    expect(threat).not.toBe('')
    expect(guard).not.toBe('')
    const [, file = '', sentence = ''] = /^`([^`]+\.test\.ts)`: “(.+)”$/.exec(named) ?? []
    expect(file, `a test is named, not "${named}"`).not.toBe('')
    expect(existsSync(root + file), `${file} is there`).toBe(true)
    const text = readFileSync(root + file, 'utf8')
    expect(hasTest(text, sentence), `${file} has a test "${sentence}"`).toBe(true)
  },
)
