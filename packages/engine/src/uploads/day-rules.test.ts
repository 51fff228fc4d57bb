import { plugins } from '@tributary/plugins'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { createUploader } from '../testing/upload-file.ts'

let tributary: TestEngine
let ada: ReturnType<typeof createUploader>

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = createUploader(tributary, await tributary.addUser('ada@example.org'))
  tributary.startWorker()
})

afterAll(() => tributary.close())

const rules = {
  sum: (values: number[]) => values.reduce((sum, value) => sum + value, 0),
  mean: (values: number[]) => rules.sum(values) / values.length,
  min: (values: number[]) => Math.min(...values),
  max: (values: number[]) => Math.max(...values),
  first: (values: number[]) => values[0],
  last: (values: number[]) => values.at(-1),
}
const ruleNames = Object.keys(rules) as (keyof typeof rules)[]

/** A mapping that makes a value of the column `n` by each rule. */
function mappingOf(dateColumn: string) {
  const columns = ruleNames.map((day) => ({
    column: day,
    field: day,
    name: day,
    type: 'number',
    unit: '1',
    day,
  }))
  return { delimiter: ',', decimal: '.', dateColumn, dateFormat: 'YYYY-MM-DD', columns }
}

function table(dateColumn: string, rows: { at: string; value: number }[]): string {
  const lines = rows.map(({ at, value }) => [at, ...ruleNames.map(() => value)].join(','))
  return `${[dateColumn, ...ruleNames].join(',')}\n${lines.join('\n')}\n`
}

/** What an upload of the rows must count and give, by the rules themselves. */
function expected(rows: { at: string; value: number }[]) {
  const timed = rows.some(({ at }) => at.length > 10)
  const groups = [...Map.groupBy(rows, ({ at }) => at)].map(([at, group]) => ({
    at,
    values: group.map(({ value }) => value),
  }))
  const differing = groups.filter(({ values }) => new Set(values).size > 1)
  const repeated = (of: typeof groups) => of.reduce((sum, { values }) => sum + values.length - 1, 0)
  return {
    groups,
    counts: {
      read: rows.length,
      values: rows.length * ruleNames.length,
      // A mean is that of all rows of a day, so that those of an instant stay apart.
      new: groups.length * (ruleNames.length - 1) + (timed ? rows.length : groups.length),
      // By first and by last one value counts, and those that differ from it are set aside.
      setAside: 2 * repeated(differing),
      unchanged: 2 * repeated(groups.filter((group) => !differing.includes(group))),
    },
  }
}

async function check(dateColumn: string, rows: { at: string; value: number }[]): Promise<void> {
  const { groups, counts } = expected(rows)
  const job = await ada.upload(table(dateColumn, rows), { mapping: mappingOf(dateColumn) })
  expect(job).toMatchObject({ status: 'succeeded', counts })
  const days = groups.map(({ at }) => at.slice(0, 10))
  for (const rule of ruleNames) {
    const found = await Promise.all(days.map((day) => ada.values(`csv.${rule}`, day)))
    for (const [at, group] of groups.entries())
      expect(found[at]?.[0]).toBeCloseTo(rules[rule](group.values) ?? NaN, 9)
  }
  await ada.undoNewest()
}

test('several rows of a day, or of an instant, become one value by the rule of their column', async () => {
  const day = fc.integer({ min: 1, max: 5 })
  const rows = fc.array(fc.record({ day, value: fc.integer({ min: -9, max: 9 }) }), {
    minLength: 1,
    maxLength: 20,
  })
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom('', ' 18:05:00'), async (drawn, time) => {
      await check(
        'Date',
        drawn.map(({ day, value }) => ({ at: `2026-03-0${day}${time}`, value })),
      )
    }),
    { numRuns: 12 },
  )
})

test('the mean of a day is that of all its rows, also of those in one minute', async () => {
  const column = { column: 'Upper', field: 'Upper', name: 'Upper', type: 'number', unit: '1', day: 'mean' }
  const mapping = { ...mappingOf('Date'), columns: [column] }
  const rows = [
    '2026-03-01 07:10,120',
    '2026-03-01 07:12,130',
    '2026-03-01 07:12,140',
    '2026-03-01 07:12,140',
  ]
  await ada.upload(`Date,Upper\n${rows.join('\n')}\n`, { mapping })
  expect(await ada.values('csv.Upper', '2026-03-01')).toEqual([132.5])
  await ada.undoNewest()
})

test('rows of one day that stand far apart in a large file become one value all the same', async () => {
  const rows = Array.from({ length: 2_500 }, (_, row) => ({ at: `2026-03-0${1 + (row % 3)}`, value: row }))
  await check('Date', rows)
  await check(
    'Date',
    rows.map(({ at, value }) => ({ at: `${at} 07:30`, value })),
  )
})

test('several times of one day are averaged on the clock', async () => {
  const column = { column: 'Bed', field: 'Bed', name: 'Bed', type: 'time', day: 'mean' }
  const mapping = { ...mappingOf('Date'), columns: [column] }
  await ada.upload('Date,Bed\n2026-03-01,23:30\n2026-03-01,00:30\n2026-03-02,23:50\n', { mapping })
  const found = await ada.values('csv.Bed', '2026-03-01', '2026-03-02')
  expect(found.map((minutes) => (Number(minutes) + 1440) % 1440)).toEqual([0, 1430])
  await ada.undoNewest()
})

test('the newest file counts, whether it has rows of days or of instants', async () => {
  const column = { column: 'Cups', field: 'Cups', name: 'Cups', type: 'number', unit: '1', day: 'sum' }
  const mapping = { ...mappingOf('Date'), columns: [column] }
  await ada.upload('Date,Cups\n2026-03-01,9\n2026-03-02,9\n', { mapping })
  await ada.upload('Date,Cups\n2026-03-01 07:30,2\n2026-03-01 09:30,3\n', { mapping })
  expect(await ada.values('csv.Cups', '2026-03-01', '2026-03-02')).toEqual([5, 9])
  await ada.upload('Date,Cups\n2026-03-01,7\n', { mapping })
  expect(await ada.values('csv.Cups', '2026-03-01')).toEqual([7])
  for (let file = 0; file < 3; file++) await ada.undoNewest()
})

test('values that are set aside are told in the job', async () => {
  const job = await ada.upload('Date,Mood\n2026-03-01,good\n2026-03-01,fair\n2026-03-02,good\n', {
    mapping: {
      ...mappingOf('Date'),
      columns: [{ column: 'Mood', field: 'Mood', name: 'Mood', type: 'text' }],
    },
  })
  expect(job).toMatchObject({
    status: 'succeeded',
    reason: '1 value was set aside because another row of the same day or time counts.',
    counts: { read: 3, values: 3, new: 2, setAside: 1 },
  })
  expect(await ada.values('csv.Mood', '2026-03-01')).toEqual(['fair'])
  await ada.undoNewest()
})

test('a file that is imported a second time by another worker adds nothing to itself', async () => {
  const job = await ada.upload('Date,Cups\n2026-03-01,2\n2026-03-01,3\n', {
    mapping: {
      ...mappingOf('Date'),
      columns: [{ column: 'Cups', field: 'Cups', name: 'Cups', type: 'number', unit: '1', day: 'sum' }],
    },
  })
  await tributary.database.query(`update tributary.import_jobs set status = 'queued' where id = $1`, [job.id])
  await tributary.settled()
  expect(await ada.values('csv.Cups', '2026-03-01')).toEqual([5])
  await ada.undoNewest()
})
