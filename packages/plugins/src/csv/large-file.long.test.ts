import { expect, test } from 'vitest'
import { csvFormat } from './csv-format.ts'
import { recordsOf } from './testing/read-file.ts'

const rowCount = 1_000_000

async function* largeFile(): AsyncIterable<Uint8Array> {
  let text = 'Datum;Schritte;Größe;Notiz\r\n'
  for (let row = 0; row < rowCount; row += 1) {
    const date = new Date(row * 60_000).toISOString()
    text += `${date};${row};${row % 1000},5;"zwei\r\nZeilen, ""schön"""\r\n`
    if (text.length < 50_000) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

test('a million rows are read in file order, in flat memory', async () => {
  const [first] = await Array.fromAsync(take(largeFile(), 1))
  const mapping = csvFormat.guess(first!).mapping
  expect(mapping.columns.map(({ column }) => column)).toEqual(['Schritte', 'Größe'])

  const before = process.memoryUsage().heapUsed
  const started = performance.now()
  let most = 0
  let count = 0
  for await (const record of recordsOf(csvFormat.mapFile(largeFile(), mapping, { zone: 'Europe/Berlin' }))) {
    const row = Math.floor(count / 2)
    const right =
      'field' in record &&
      record.start === row * 60_000 &&
      record.value === (record.field === 'Schritte' ? row : (row % 1000) + 0.5)
    if (!right) expect(record).toBe(`of row ${row}`)
    count += 1
    if (count % 20_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before)
  }
  const seconds = (performance.now() - started) / 1000
  console.log(`${Math.round(rowCount / seconds)} rows/s, ${Math.round(most / 1e6)} MB`)
  expect(count).toBe(2 * rowCount)
  expect(most).toBeLessThan(150e6)
})

async function* take<Item>(items: AsyncIterable<Item>, count: number): AsyncIterable<Item> {
  let taken = 0
  for await (const item of items) {
    yield item
    taken += 1
    if (taken === count) return
  }
}
