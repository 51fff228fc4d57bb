import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeText } from './decode-text.ts'
import { readRows } from './read-rows.ts'
import { splitText } from './split-rows.ts'
import { arrive } from './testing/read-file.ts'
import { encode } from './testing/write-table.ts'

const alphabet = fc.constantFrom('a', ',', '"', '"', '\n', '\r', '\r\n', ' ', 'ä', '漢', '🌊')
const text = fc.string({ unit: alphabet, maxLength: 60 })
const sizes = fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 1, maxLength: 4 })
const encodings = fc.constantFrom(
  'utf-8' as const,
  'utf-8 with mark' as const,
  'utf-16le' as const,
  'utf-16be' as const,
)

test('a text is decoded the same however it is cut, with one kind of line end', async () => {
  await fc.assert(
    fc.asyncProperty(text, encodings, sizes, async (whole, encoding, sizes) => {
      const pieces = decodeText(arrive(encode(whole, encoding), sizes))
      expect((await Array.fromAsync(pieces)).join('')).toBe(whole.replaceAll(/\r\n?/g, '\n'))
    }),
    { numRuns: 1000 },
  )
})

test('rows are the same however the text is cut, and every line is in one of them', async () => {
  await fc.assert(
    fc.asyncProperty(text, sizes, async (whole, sizes) => {
      const lines = whole.replaceAll(/\r\n?/g, '\n')
      async function* pieces(): AsyncIterable<string> {
        for await (const piece of arrive(Buffer.from(lines), sizes))
          yield Buffer.from(piece).toString('latin1')
      }
      const bytes = Buffer.from(lines).toString('latin1')
      const rows = await Array.fromAsync(readRows(pieces(), ','))
      const good = rows.filter((row) => 'cells' in row)
      expect(good.map(({ cells }) => cells)).toEqual(splitText(bytes, ','))
      good.forEach(({ line, cells }, at) => {
        const next = rows[at + 1]?.line
        if (next) expect(next).toBe(line + cells.join('').split('\n').length)
      })
      const last = rows.at(-1)
      const end = last && last.line + ('cells' in last ? last.cells.join('').split('\n').length - 1 : 0)
      if (last && 'cells' in last) expect(end).toBe(lines.replace(/\n *$/, '').split('\n').length)
    }),
    { numRuns: 1000 },
  )
})
