import { ImportError } from '@tributary/plugin-sdk'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvFormat } from './csv-format.ts'
import { arrive } from './testing/read-file.ts'

/** Guesses and reads a file; whatever it is, it is read or refused by a sentence. */
async function tryFile(bytes: Uint8Array): Promise<void> {
  try {
    expect(csvFormat.fileKind?.(bytes) ?? '').toMatch(/^([\da-f]{32})?$/)
    const { mapping, questions, preview } = csvFormat.guess(bytes)
    expect(await csvFormat.mapping['~standard'].validate(structuredClone(mapping))).toEqual({
      value: mapping,
    })
    for (const { choices } of questions) expect(choices.length).toBeGreaterThan(1)
    for (const given of [
      { delimiter: ';' },
      { dateColumn: preview.header[0] },
      { timeColumn: null },
    ] as const)
      await guessedBy(bytes, given)
    const rows = await Array.fromAsync(csvFormat.mapFile(arrive(bytes), mapping, { zone: 'Europe/Berlin' }))
    expect(rows.length).toBeGreaterThan(0)
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    expect(error.code).toBe('bad-record')
    expect(error.message).toMatch(/^[A-Z].*\.$/s)
    expect(error.message.length).toBeLessThan(2000)
  }
}

async function guessedBy(bytes: Uint8Array, given: object): Promise<void> {
  try {
    csvFormat.guess(bytes, { given })
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
  }
}

const piece = fc.constantFrom(
  ...['2026-01-31', '05/06/2026', '31.12.26', '1780617600', '15 Sep 2026, 07:48', '7:30', '1:05:09', '45:30'],
  ...[
    '7h 30m',
    'PT45M',
    '71.250',
    '1,5',
    '1.234,5',
    '71.5 kg',
    '18 %',
    '-',
    'n/a',
    '',
    'x',
    'Date',
    'Time',
    'Value',
  ],
  ...[
    'Type',
    '#',
    '# a',
    'sep=;',
    '"',
    '""',
    ' ',
    '\u00a0',
    '🌊',
    '\0',
    '\u0301',
    '=1+1',
    '9'.repeat(30),
    '-0',
  ],
)
const separator = fc.constantFrom(',', ';', '\t', '|', '\n', '\n', '\r\n', '\r')

test('whatever a file is, it is read or refused by a sentence', async () => {
  const text = fc.array(fc.tuple(piece, separator), { maxLength: 60 }).map((parts) => parts.flat().join(''))
  const tables = fc
    .tuple(
      fc.array(piece, { minLength: 1, maxLength: 4 }),
      fc.array(fc.array(piece, { maxLength: 5 }), { maxLength: 8 }),
    )
    .map(([header, rows]) => [header, ...rows].map((cells) => cells.join(',')).join('\n'))
  const file = fc.oneof(
    text.map((written) => Buffer.from(written)),
    tables.map((written) => Buffer.from(`Date,${written}`)),
    tables.map((written) => Buffer.from(`\ufeff${written}`, 'utf16le')),
    fc.uint8Array({ maxLength: 300 }),
  )
  await fc.assert(fc.asyncProperty(file, tryFile), { numRuns: 1500 })
})

const much = 450_000

test.each([
  '_',
  'a_',
  '(',
  '[(',
  '\u00a0',
  '1',
  '1,',
  "1'",
  '0:',
  '-',
  '.',
  '1h',
  'e\u0301',
  '#',
  '/',
  'Sep ',
  '"',
])('a file of nothing but %j is read or refused', async (sign) => {
  const long = sign.repeat(much / sign.length)
  const quoted = `"${long.replaceAll('"', '""')}"`
  const files = [
    `date,${quoted}\n2026-01-31,1\n`,
    `date,a\n2026-01-31,${quoted}\n`,
    `date,a\n${quoted},1\n2026-01-31,1\n`,
    `${quoted}\ndate,a\n2026-01-31,1\n`,
    `date,time,a\n2026-01-31,${quoted},1\n`,
    long,
  ]
  for (const file of files) await tryFile(Buffer.from(file))
})

test('as many columns of one name as may be are read or refused', async () => {
  const header = `date${',x'.repeat(999)}`
  await tryFile(Buffer.from(`${header}\n${`2026-01-31${',1'.repeat(999)}\n`.repeat(100)}`))
  await tryFile(Buffer.from(`date${',x'.repeat(100_000)}\n2026-01-31,1\n`))
})
