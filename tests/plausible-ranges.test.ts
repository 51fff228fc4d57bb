import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type FieldKind, implausibility, kinds } from '../packages/plugin-sdk/src/index.ts'

const page = readFileSync(new URL('../docs/plausible-ranges.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| `([\w-]+)` +\| (.+?) +\| (.+?) +\|$/gm)]

test('the page on plausible ranges has the range of every kind, and a source for each', () => {
  const written = Object.fromEntries(rows.map(([, kind = '', range]) => [kind, range]))
  const declared = Object.keys(kinds).map((kind) => {
    const field = { name: 'It', kind: kind as FieldKind, ...kinds[kind as FieldKind] }
    return [kind, /outside (.+)\.$/.exec(implausibility(field, -1e9) ?? '')?.[1]]
  })
  expect(written).toEqual(Object.fromEntries(declared))
  for (const [, kind, , source] of rows) expect(source, kind).not.toBe('')
})
