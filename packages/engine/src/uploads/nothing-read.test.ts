import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { createUploader } from '../testing/upload-file.ts'

let tributary: TestEngine
let ada: ReturnType<typeof createUploader>
let userId: string

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  const signedIn = await tributary.addUser('ada@example.org')
  userId = signedIn.user.id
  ada = createUploader(tributary, signedIn)
  tributary.startWorker()
})

afterAll(() => tributary.close())

const mapping = {
  delimiter: ',',
  decimal: '.',
  dateColumn: 'Date',
  dateFormat: 'YYYY-MM-DD',
  columns: [{ column: 'Cups', field: 'Cups', name: 'Cups', type: 'number', unit: '1', day: 'sum' }],
}
const zip = Buffer.from('504b0304140000000800', 'hex')

test.each<[string, string | Uint8Array, object, RegExp]>([
  ['a mapping of another file', 'Date,Glasses\n2026-03-01,2\n', {}, /The file has no column "Cups"/],
  ['a mapping whose date column is missing', 'Day,Cups\n2026-03-01,2\n', {}, /The file has no column "Date"/],
  ['a header alone', 'Date,Cups\n', {}, /^The file has no rows under its header\. Nothing was imported\./],
  ['a header and blank lines', 'Date,Cups\n\n \n,\n', {}, /^The file has no rows under its header\./],
  ['blank lines alone', '\n\n \n', {}, /no header|no column "Date"/],
  ['a single zero byte', '\0', {}, /text file/],
  ['a zip file', zip, {}, /zip/],
  ['a PDF', '%PDF-1.7 and more', {}, /PDF/],
  [
    'dates of another form',
    'Date,Cups\n1 March,2\n2 March,3\n3 March,1\n4 March,1\n',
    {},
    /^Nothing was imported\. None of its rows could be read: line 2: .*; line 3: .*; line 4: .*; and 1 more\. Check how the file is read/,
  ],
  ['rows that are all bad', 'Date,Cups\n2026-03-01,many\n', {}, /None of its rows could be read: line 2: /],
  [
    'a column without values',
    'Date,Cups\n2026-03-01,\n',
    {},
    /No row has a value in "Cups"\. Choose columns/,
  ],
  [
    'implausible values alone',
    'Date,Cups\n2026-03-01,0\n',
    { unit: 'kg', kind: 'weight' },
    /All values are implausible: line 2: .*Check the columns and their units/,
  ],
])('an upload of %s fails with a sentence that says what to do', async (_, content, change, words) => {
  const columns = mapping.columns.map((column) => ({ ...column, ...change }))
  const job = await ada.upload(content, { mapping: { ...mapping, columns } })
  expect(job).toMatchObject({ status: 'failed', counts: { values: 0, new: 0 } })
  expect(job.reason).toMatch(words)
  expect(await tributary.database.query('select from tributary.series')).toEqual([])
  expect(
    await tributary.database.query(`select from tributary.source_fields where user_id is not null`),
  ).toEqual([])
})

test('rows that could not be read are listed though nothing was imported', async () => {
  const job = await ada.upload('Date,Cups\n2026-03-01,many\n', { mapping })
  expect(job.counts).toMatchObject({ read: 1, rejected: 1 })
  const { rejections } = await tributary.engine.jobs.rejections(userId, job.id)
  expect(rejections).toMatchObject([{ path: 'line 2', code: 'unreadable' }])
})

test('a mapping without columns is refused', async () => {
  await expect(
    ada.upload('Date,Cups\n2026-03-01,2\n', { mapping: { ...mapping, columns: [] } }),
  ).rejects.toMatchObject({ status: 422, code: 'bad-mapping' })
})

test('the mapping of a file that could not be imported is not used for the next one', async () => {
  const columns = mapping.columns.map((column) => ({ ...column, field: 'Beans', name: 'Beans' }))
  await ada.upload('Date,Cups\n2026-03-01,many\n', { mapping: { ...mapping, columns } })
  expect(await ada.guess('Date,Cups\n2026-03-01,2\n')).toMatchObject({ columns: [{ field: 'Cups' }] })
})

test('a file in UTF-16 is read', async () => {
  const content = Buffer.from('\ufeffDate,Cups\n2026-03-01,2\n', 'utf16le')
  expect(await ada.upload(content, { mapping })).toMatchObject({ status: 'succeeded' })
  expect(await ada.values('csv.Cups', '2026-03-01')).toEqual([2])
  await ada.undoNewest()
})

test('rows are counted as rows and values as values, also where a row has none', async () => {
  const job = await ada.upload('Date,Cups,Glasses\n2026-03-01,2,1\n2026-03-02,,\n2026-03-03,1,4\n')
  expect(job).toMatchObject({
    status: 'succeeded',
    reason: null,
    counts: { read: 3, values: 4, new: 4, setAside: 0, rejected: 0 },
  })
})

test('a file of words, several a day, fails with a sentence that leads to its columns', async () => {
  const job = await ada.upload('Date,Mood\n2026-03-01,good\n2026-03-01,calm\n2026-03-02,good\n', {})
  expect(job).toMatchObject({ status: 'failed', reason: expect.stringContaining('choose columns there') })
})
