import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { createUploader } from '../testing/upload-file.ts'

let tributary: TestEngine
let signedIn: SignedIn
let ada: ReturnType<typeof createUploader>

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
})

let users = 0
beforeEach(async () => {
  signedIn = await tributary.addUser(`ada-${users++}@example.org`)
  ada = createUploader(tributary, signedIn)
})

afterAll(() => tributary.close())

const numbers = 'Date,Level\n2026-03-01,7\n2026-03-02,8\n'
const words = 'Date,Level\n2026-03-03,fine\n2026-03-04,bad\n'
const level = { column: 'Level', field: 'Level', name: 'Level', type: 'number', unit: '1', day: 'mean' }
const mappingOf = (change: object) => ({
  delimiter: ',',
  decimal: '.',
  dateColumn: 'Date',
  dateFormat: 'YYYY-MM-DD',
  columns: [{ ...level, ...change }],
})
const asWords = mappingOf({ type: 'text', unit: undefined, day: undefined })

test.each([
  [
    'words',
    words,
    asWords,
    /^"Level" is of the type number in an earlier file and of the type text in this one/,
  ],
  [
    'another unit',
    numbers,
    mappingOf({ unit: 'kg' }),
    /^"Level" is in m in an earlier file and in kg in this one/,
  ],
])(
  'a metric of numbers with a unit does not take %s of a later file',
  async (_, content, mapping, reason) => {
    const worker = tributary.startWorker()
    await ada.upload(numbers, { mapping: mappingOf({ unit: 'm' }) })
    await expect(ada.upload(content, { mapping })).rejects.toMatchObject({
      status: 422,
      code: 'other-meaning',
      message: expect.stringMatching(reason) as string,
    })
    expect(await ada.values('csv.Level', '2026-03-01', '2026-03-03')).toEqual([7, 8, null])
    await ada.undoNewest()
    expect(await ada.upload(content, { mapping })).toMatchObject({ status: 'succeeded' })
    await worker.stop()
  },
)

test('a metric without a unit gets one by a later file', async () => {
  const worker = tributary.startWorker()
  await ada.upload(numbers, { mapping: mappingOf({}) })
  expect(await ada.upload(numbers, { mapping: mappingOf({ unit: 'kg' }) })).toMatchObject({
    status: 'succeeded',
  })
  await worker.stop()
})

test('of two files that wait for their import and use one field for different things the later fails', async () => {
  const bring = (content: string, mapping: object) =>
    tributary.engine.uploads.receive(signedIn.user.id, 'csv', {
      fileName: 'values.csv',
      content: (async function* () {
        yield Buffer.from(content)
      })(),
      mapping: () => JSON.stringify(mapping),
    })
  const { id: first } = await bring(numbers, mappingOf({}))
  tributary.clock.add({ seconds: 1 })
  const { id: second } = await bring(words, asWords)
  const worker = tributary.startWorker()
  await tributary.settled()
  const jobs = [first, second].map((id) => tributary.engine.jobs.get(signedIn.user.id, id))
  expect(await Promise.all(jobs)).toMatchObject([
    { status: 'succeeded' },
    { status: 'failed', reason: expect.stringMatching(/^"Level" is of the type number/) as string },
  ])
  expect(await ada.values('csv.Level', '2026-03-01', '2026-03-03')).toEqual([7, 8, null])
  await worker.stop()
})

test('a file with words under the name of a metric of numbers is read as another metric', async () => {
  const worker = tributary.startWorker()
  await ada.upload(numbers)
  expect(await ada.upload(words)).toMatchObject({ status: 'succeeded' })
  expect(await ada.values('csv.Level', '2026-03-01', '2026-03-03')).toEqual([7, 8, null])
  expect(await ada.values('csv.Level_2', '2026-03-03')).toEqual(['fine'])
  await worker.stop()
})
