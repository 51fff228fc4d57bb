import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeBeginning } from './decode-beginning.ts'
import { readTable } from './read-table.ts'
import { splitRows } from './split-rows.ts'

it('reads back whatever was written with quotes', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ';', '"', '\n', ' ', ',') })
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(rows, (rows) => {
      const text = rows
        .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';'))
        .join('\n')
      expect(splitRows(text, ';', 100)).toEqual(rows)
    }),
  )
})

it('splits plain cells, an empty one at the end too, and stops after so many rows', () => {
  expect(splitRows('a; b ;\n1;2;3\n', ';', 10)).toEqual([
    ['a', 'b', ''],
    ['1', '2', '3'],
  ])
  expect(splitRows('a;', ';', 10)).toEqual([['a', '']])
  expect(splitRows('a\nb\nc', ',', 2)).toEqual([['a'], ['b']])
})

it('names each column once and leaves out what is no row', () => {
  expect(readTable('sep=;\nDate;Steps;Steps;\n\n2026-01-01;1;2;\n', ';')).toEqual({
    header: ['Date', 'Steps', 'Steps (2)'],
    rows: [['2026-01-01', '1', '2', '']],
  })
})

it('reads what Excel writes: UTF-16 with a mark, UTF-8 with one, or the letters of Windows', () => {
  const utf16 = new Uint8Array([
    0xff,
    0xfe,
    ...new Uint8Array(new Uint16Array([...'Größe'].map((c) => c.charCodeAt(0))).buffer),
  ])
  expect(decodeBeginning(utf16)).toBe('Größe')
  expect(decodeBeginning(new TextEncoder().encode('\ufeffGröße\r\n1'))).toBe('Größe\n1')
  expect(decodeBeginning(new Uint8Array([0x47, 0x72, 0xf6, 0xdf, 0x65]))).toBe('Größe')
})
