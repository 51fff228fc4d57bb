import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { createUploader } from '../testing/upload-file.ts'

let tributary: TestEngine
let ada: ReturnType<typeof createUploader>
let userId: string

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  tributary.startWorker()
})

let users = 0
beforeEach(async () => {
  const signedIn = await tributary.addUser(`ada-${users++}@example.org`)
  userId = signedIn.user.id
  ada = createUploader(tributary, signedIn)
})

afterAll(() => tributary.close())

const table = (name: string, values: (number | '' | null)[], time = '') => {
  const rows = values.flatMap((value, day) => (value === null ? [] : `2026-03-0${day + 1}${time},${value}\n`))
  return `Date,${name}\n${rows.join('')}`
}
const week = ['2026-03-01', '2026-03-07'] as const
const undo = async (fileName: string) => {
  const list = await tributary.engine.uploads.list(userId, 'csv')
  const found = list.find((one) => one.fileName === fileName && !one.undone)
  await tributary.engine.uploads.undo(userId, found?.id ?? '')
}

describe.each([
  ['days', ''],
  ['instants', ' 08:00'],
])('a newer version of a file of %s', (_, time) => {
  const bring = (fileName: string, values: (number | '' | null)[], name = 'Cups') =>
    ada.upload(table(name, values, time), { fileName })

  test.each([
    ['empties a cell', ''],
    ['leaves a row out', null],
  ] as const)('that %s takes that value away, and undone it gives it back', async (_, gone) => {
    await bring('first.csv', [5, 99, 7, 6])
    expect(await bring('second.csv', [5, gone, 8, 6])).toMatchObject({
      status: 'succeeded',
      counts: { new: 0, changed: 1, unchanged: 2, removed: 1 },
      reason:
        'It replaces "first.csv", of which 1 value, which this file leaves out, no longer counts. Undo this upload if that is wrong.',
    })
    expect(await ada.values('csv.Cups', ...week)).toEqual([5, null, 8, 6, null, null, null])
    expect(await tributary.engine.uploads.list(userId, 'csv')).toMatchObject([
      { fileName: 'second.csv', replacedBy: null },
      { fileName: 'first.csv', replacedBy: expect.any(String) as string },
    ])
    await undo('second.csv')
    expect(await ada.values('csv.Cups', ...week)).toEqual([5, 99, 7, 6, null, null, null])
  })

  test('that has all of it and more replaces it without a word', async () => {
    await bring('first.csv', [5, 6])
    expect(await bring('second.csv', [5, 6, 7])).toMatchObject({
      status: 'succeeded',
      reason: null,
      counts: { new: 1, changed: 0, unchanged: 2, removed: 0 },
    })
  })

  test('is replaced in turn, and whichever is undone, the newest of those left counts', async () => {
    await bring('first.csv', [1, 5, 6, 7])
    await bring('second.csv', [1, null, 6, 7])
    await bring('third.csv', [2, null, 6, 7])
    await undo('second.csv')
    expect(await ada.values('csv.Cups', ...week)).toEqual([2, null, 6, 7, null, null, null])
    await undo('third.csv')
    expect(await ada.values('csv.Cups', ...week)).toEqual([1, 5, 6, 7, null, null, null])
  })

  test.each<[string, (number | null)[]]>([
    ['has not its first day', [null, 6, 6, 8]],
    ['repeats less than half of its values', [3, null, null, 8]],
  ])('that %s replaces nothing, and tells that the older one still counts', async (_, values) => {
    const first = [5, 6, 6, 9]
    await bring('first.csv', first)
    expect(await bring('second.csv', values)).toMatchObject({
      status: 'succeeded',
      counts: { removed: 0 },
      reason: expect.stringMatching(
        /^An older upload, "first\.csv", still provides [12] days? that this file leaves out\. Undo it if this file replaces it\.$/,
      ) as string,
    })
    const expected = first.map((value, day) => values[day] ?? value)
    expect((await ada.values('csv.Cups', ...week)).slice(0, 4)).toEqual(expected)
  })
})

test('a cell that is emptied on the first or the last day is taken away too', async () => {
  await ada.upload(table('Cups', [9, 5, 6, 9]))
  await ada.upload(table('Cups', ['', 5, 6, '']))
  expect(await ada.values('csv.Cups', '2026-03-01', '2026-03-04')).toEqual([null, 5, 6, null])
})

test('a file of other columns replaces nothing, whatever it repeats', async () => {
  await ada.upload('Date,Cups,Glasses\n2026-03-01,1,2\n2026-03-02,3,4\n', { fileName: 'both.csv' })
  expect(await ada.upload('Date,Cups\n2026-03-01,1\n2026-03-02,3\n')).toMatchObject({
    counts: { removed: 0 },
  })
  expect(await ada.values('csv.Glasses', '2026-03-01', '2026-03-02')).toEqual([2, 4])
})

test('a file of which a column is no longer chosen replaces nothing', async () => {
  const text = 'Date,Cups,Glasses\n2026-03-01,1,2\n2026-03-02,3,4\n'
  await ada.upload(text)
  const guessed = (await ada.guess(text)) as { columns: object[] }
  const columns = guessed.columns.slice(0, 1)
  expect(await ada.upload(text, { mapping: { ...guessed, columns } })).toMatchObject({
    counts: { removed: 0 },
  })
  expect(await ada.values('csv.Glasses', '2026-03-01', '2026-03-02')).toEqual([2, 4])
})

test('files of days that do not overlap say nothing of each other', async () => {
  await ada.upload(table('Cups', [1, 2]))
  expect(await ada.upload(table('Cups', [null, null, 1, 2]))).toMatchObject({ reason: null })
  expect(await ada.values('csv.Cups', ...week)).toEqual([1, 2, 1, 2, null, null, null])
})
