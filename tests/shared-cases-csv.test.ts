import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { createCsvUser, type CsvUser, type Uploaded } from './harness/csv-user.ts'
import { listCases, readBlock, testCase } from './harness/shared-cases.ts'
import { describeShared } from './harness/shared-folder.ts'

let user: CsvUser
beforeEach(async () => void (user = await createCsvUser()))
afterEach(() => user.tributary.close())

/** What has to be stored of each file, or of the first of two: uploaded as it is guessed. */
const checks: Record<string, (file: Uint8Array, second: () => Uint8Array) => Promise<void>> = {
  async 'csv-bedtimes-around-midnight.csv'(file) {
    await importFile(file)
    expect(Object.values(await user.daily('Bedtime')).map((value) => Number(value) % 1440)).toEqual([
      1410, 30, 1420, 20, 1430, 10,
    ])
  },

  async 'csv-comment-lines-before-header.csv'(file) {
    await importFile(file)
    expect(await user.fields()).toEqual(['Steps'])
    expect(await user.daily('Steps')).toEqual({ '2026-11-01': 5, '2026-11-02': 6 })
  },

  async 'csv-corrected-1.csv'(file, second) {
    await importFile(file)
    const corrected = await user.upload(second())
    if (corrected.questions !== null) return expectQuestions(corrected)
    expect(await user.daily('Steps')).toEqual({ '2026-11-01': 5000, '2026-11-03': 7000 })
  },

  async 'csv-date-and-time-in-two-columns.csv'(file) {
    await importFile(file)
    expect(await user.fields()).toEqual(['Pulse'])
    expect(await user.measurements('Pulse', '2026-11-01')).toEqual([
      ['2026-11-01T07:30:00Z', 61],
      ['2026-11-01T21:30:00Z', 66],
    ])
    expect(await user.measurements('Pulse', '2026-11-02')).toEqual([['2026-11-02T07:30:00Z', 60]])
  },

  async 'csv-dates-with-names-of-months.csv'(file) {
    await importFile(file)
    expect(await user.measurements('weight_kg', '2026-09-15')).toEqual([['2026-09-15T07:48:00Z', 60]])
    expect(await user.measurements('weight_kg', '2026-09-16')).toEqual([['2026-09-16T07:50:00Z', 70]])
    expect(await user.daily('reps')).toEqual({ '2026-09-15': 10, '2026-09-16': 8 })
  },

  async 'csv-durations-in-words.csv'(file) {
    await importFile(file)
    expect(await user.daily('Sleep')).toEqual({ '2026-11-01': 27_000, '2026-11-02': 24_300 })
    expect(await user.daily('Ride')).toEqual({ '2026-11-01': 3909, '2026-11-02': 3570 })
  },

  async 'csv-excel-sparse-last-column.csv'(file) {
    await importFile(file)
    const steps = Object.values(await user.daily('Schritte'))
    expect(steps).toEqual(Array.from({ length: 28 }, (_, row) => 1000 + row))
  },

  async 'csv-meals-several-rows-a-day.csv'(file) {
    await importFile(file)
    expect(await user.daily('Calories')).toEqual({ '2026-11-01': 2000, '2026-11-02': 770 })
    expect(await user.daily('Protein')).toEqual({ '2026-11-01': 95, '2026-11-02': 34 })
    const last = await user.guess(file, (column) => ({ ...column, day: 'last' }))
    const { job } = await user.upload(file, last)
    expect(job?.counts).toMatchObject({ read: 5, setAside: 6 })
    expect(job?.reason).not.toBeNull()
  },

  async 'csv-month-first-hyphens.csv'(file) {
    await importFile(file)
    const days = Array.from({ length: 20 }, (_, day) => `2026-01-${String(day + 1).padStart(2, '0')}`)
    expect(await user.daily('Glucose')).toEqual(
      Object.fromEntries(days.map((day, row) => [day, (50 + row) / 10])),
    )
  },

  async 'csv-one-date-of-1970.csv'(file) {
    const lines = Buffer.from(file).toString().split('\n')
    const secondsWith = async (rows: string[]) => {
      const begun = performance.now()
      await importFile(Buffer.from(rows.join('\n')))
      return (performance.now() - begun) / 1000
    }
    await secondsWith(['Date,warm_up', '2026-11-01,1', '2026-11-02,1'])
    const without = await secondsWith(lines.filter((line) => !line.startsWith('1970')))
    expect(await secondsWith(lines)).toBeLessThan(3 * without + 1)
  },

  async 'csv-sets-at-one-instant.csv'(file) {
    const { job } = await importFile(file)
    const guessed = await user.guess(file)
    const rule = guessed.columns.find(({ column }) => column === 'Reps')?.day
    if (rule !== 'sum') expect(job?.counts.setAside).toBeGreaterThanOrEqual(2)
    await importFile(file, {
      ...guessed,
      columns: guessed.columns.map((column) => ({ ...column, day: 'sum' })),
    })
    expect(await user.daily('Reps')).toEqual({ '2026-11-01': 24 })
  },

  async 'csv-steps-by-the-hour.csv'(file) {
    await importFile(file)
    expect(await user.daily('Steps')).toEqual({ '2026-11-01': 2030 })
    const { '2026-11-01': heartRate } = await user.daily('Heart rate')
    expect(heartRate).toBeGreaterThanOrEqual(58)
    expect(heartRate).toBeLessThanOrEqual(90)
  },

  async 'csv-three-decimals-with-semicolons.csv'(file) {
    const uploaded = await user.upload(file)
    if (uploaded.questions !== null) return expectQuestions(uploaded)
    expect(await user.daily('weight')).toEqual({
      '2026-11-01': 71.25,
      '2026-11-02': 71.125,
      '2026-11-03': 71.375,
    })
  },

  async 'csv-title-line-before-header.csv'(file) {
    await importFile(file)
    expect((await user.fields()).sort()).toEqual(['count', 'distance'])
    expect(await user.daily('count')).toEqual({ '2026-11-01': 8000, '2026-11-02': 9000 })
    expect(await user.daily('distance')).toEqual({ '2026-11-01': 5000.1, '2026-11-02': 6000.1 })
  },

  async 'csv-units-and-percent-in-cells.csv'(file) {
    await importFile(file)
    expect(await user.daily('Weight')).toEqual({ '2026-11-01': 71.5, '2026-11-02': 71.2 })
    expect(await user.daily('Fat')).toEqual({ '2026-11-01': 18, '2026-11-02': 17.9 })
    expect([await user.unitOf('Weight'), await user.unitOf('Fat')]).toEqual(['kg', '%'])
  },

  async 'csv-value-of-two-apps-1.csv'(file, second) {
    await importFile(file)
    const weight = { '2026-11-01': 70.5, '2026-11-02': 70.9 }
    expect(await user.daily('Value')).toEqual(weight)
    const other = await user.upload(second())
    if (other.questions !== null) {
      expectQuestions(other)
      expect(await user.daily('Value')).toEqual(weight)
      return
    }
    const metrics = await Promise.all((await user.fields()).map((name) => user.daily(name)))
    expect(metrics).toContainEqual(weight)
    expect(metrics).toContainEqual({ '2026-11-02': 8000, '2026-11-03': 9000 })
  },

  async 'csv-years-of-two-digits.csv'(file) {
    await importFile(file)
    expect(await user.daily('Gewicht')).toEqual({ '2026-11-01': 71.5, '2026-11-13': 71.6 })
  },
}

describeShared('cases', 'tables as they are uploaded', (folder) => {
  const read = (file: string) => readFileSync(join(folder, file))

  for (const file of listCases(folder, /^csv-.*(?<!-2)\.csv$/))
    testCase(file, async () => {
      const check = checks[file]
      if (!check) throw new Error(`Write a check for ${file}.`)
      await check(read(file), () => read(file.replace('-1.csv', '-2.csv')))
    })

  testCase('csv-mapping-of-another-file.md', async () => {
    const file = 'csv-mapping-of-another-file.md'
    const content = Buffer.from(readBlock(folder, file, 'File') as string)
    const uploaded = await user
      .upload(content, readBlock(folder, file, 'Mapping') as object)
      .catch((error: unknown) => error as { status: number })
    if ('status' in uploaded) expect(uploaded.status).toBe(422)
    else expect(uploaded.job).toMatchObject({ status: 'failed', reason: expect.any(String) as string })
    expect(await user.tributary.database.query('select 1 from tributary.daily_metric_values')).toEqual([])
  })
})

/** Uploads a file that has to be imported without a question or a rejected row. */
async function importFile(content: Uint8Array, mapping?: object): Promise<Uploaded> {
  const uploaded = await user.upload(content, mapping)
  expect(uploaded.questions).toBeNull()
  expect(uploaded.job).toMatchObject({ status: 'succeeded', counts: { rejected: 0 } })
  return uploaded
}

function expectQuestions({ questions }: Uploaded): void {
  expect(questions?.length).toBeGreaterThan(0)
  for (const { question, choices } of questions ?? []) {
    expect(question).not.toBe('')
    expect(choices.length).toBeGreaterThan(1)
  }
}
