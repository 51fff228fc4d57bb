import { plugins } from '@tributary/plugins'
import { afterAll, beforeEach, expect, test } from 'vitest'
import type { FileGuess, FileQuestion, Job, SignedIn } from '../contract/engine.ts'
import type { Problem } from '../domain/problem.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const tributary: TestEngine = await createTestEngine({ plugins })
tributary.startWorker()
afterAll(() => tributary.close())

let ada: SignedIn
let users = 0
beforeEach(async () => {
  ada = await tributary.addUser(`ada${(users += 1)}@example.org`)
})

async function* content(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text)
}

async function upload(text: string, mapping?: unknown): Promise<Job> {
  const job = await tributary.engine.uploads.receive(ada.user.id, 'csv', {
    fileName: 'values.csv',
    content: content(text),
    mapping: () => (mapping === undefined ? undefined : JSON.stringify(mapping)),
  })
  await tributary.settled()
  return tributary.engine.jobs.get(ada.user.id, job.id)
}

/** What has to be decided before a file is imported. */
async function asked(text: string): Promise<FileQuestion[]> {
  const refused = await upload(text).catch((error: unknown) => error as Problem)
  expect(refused).toMatchObject({ status: 422, code: 'mapping-unclear' })
  return (refused as Problem & { details: { questions: FileQuestion[] } }).details.questions
}

/** The mapping by which a question of a file is answered. */
async function answer(text: string, value: string): Promise<unknown> {
  const guess: FileGuess = await tributary.engine.uploads.guess(ada.user.id, 'csv', Buffer.from(text))
  const mapping = structuredClone(guess.mapping) as Record<string, unknown>
  const set = guess.questions.flatMap(({ choices }) => choices).find((choice) => choice.value === value)?.set
  for (const [pointer, to] of Object.entries(set ?? {})) {
    const path = pointer.split('/').slice(1)
    const last = path.pop() ?? ''
    const at = path.reduce<Record<string, unknown>>((found, part) => found[part] as never, mapping)
    at[last] = to
  }
  return mapping
}

async function fields(): Promise<Record<string, { name: string; unit: string | null }>> {
  const { plugin } = await tributary.engine.plugins.get(ada.user.id, 'csv')
  return Object.fromEntries(plugin.fields.map(({ id, name, unit }) => [id, { name, unit }]))
}

async function values(metric: string, from: string, to = from) {
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { from, to, metrics: [metric] })
  return days.map((day) => day.values[metric])
}

test('a file that leaves something open is refused with its questions, and nothing of it stays', async () => {
  const text = 'Date,x\n04/05/2026,"2,125"\n'
  expect((await asked(text)).map(({ column }) => column)).toEqual(['Date', 'x'])
  expect(await tributary.engine.uploads.list(ada.user.id, 'csv')).toEqual([])
  const mapping = { ...((await answer(text, 'DD/MM/YYYY')) as object), decimal: ',' }
  expect(await upload(text, mapping)).toMatchObject({ status: 'succeeded' })
  expect(await values('csv.x', '2026-05-04')).toEqual([2.125])
})

test('a file of a kind that was read before is read in the same way, unless it says otherwise itself', async () => {
  const text = 'Date,Amount (g)\n04/05/2026,2\n'
  await upload(text, await answer(text, 'DD/MM/YYYY'))
  expect(await upload('Date,Amount (g)\n05/06/2026,3\n')).toMatchObject({ status: 'succeeded' })
  expect(await values('csv.Amount_g', '2026-06-05')).toEqual([3])
  await upload('Date,Amount (g)\n06/25/2026,4\n')
  expect(await values('csv.Amount_g', '2026-06-25')).toEqual([4])
})

test('what a person chose for a kind of file holds for the next: names, units and the rule of a day', async () => {
  const text = (day: string) => `Date,Run\n${day},12\n${day},14\n`
  const { mapping } = await tributary.engine.uploads.guess(
    ada.user.id,
    'csv',
    Buffer.from(text('2026-05-01')),
  )
  const columns = (mapping as { columns: object[] }).columns
  await upload(text('2026-05-01'), {
    ...(mapping as object),
    columns: [{ ...columns[0], name: 'Running', unit: 'km', day: 'sum' }],
  })
  await upload(text('2026-05-02'))
  expect(await values('csv.Run', '2026-05-01', '2026-05-02')).toEqual([26, 26])
  expect(await fields()).toEqual({ Run: { name: 'Running', unit: 'km' } })
})

const first = 'Date,Reading\n2026-05-01,62.5\n2026-05-02,62.9\n'
const other = 'Date,Reading\n2026-05-03,12000\n2026-05-04,9000\n'

test('values of another magnitude under a known name are asked about, and can be a metric of their own', async () => {
  await upload(first)
  const [question] = await asked(other)
  expect(question?.choices.map(({ value }) => value)).toEqual(['Reading_2', 'Reading'])
  expect(question?.question).toMatch(/“Reading” of this file, with 12000, 9000,/)
  await upload(other, await answer(other, 'Reading_2'))
  expect(await values('csv.Reading', '2026-05-01', '2026-05-04')).toEqual([62.5, 62.9, null, null])
  expect(await values('csv.Reading_2', '2026-05-01', '2026-05-04')).toEqual([null, null, 12000, 9000])
  expect(await fields()).toMatchObject({ Reading: { name: 'Reading' }, Reading_2: { name: 'Reading (2)' } })

  await upload('Date,Reading\n2026-05-05,63.1\n')
  await upload('Date,Reading\n2026-05-06,11000\n')
  expect(await values('csv.Reading', '2026-05-05', '2026-05-06')).toEqual([63.1, null])
  expect(await values('csv.Reading_2', '2026-05-05', '2026-05-06')).toEqual([null, 11000])
})

test('a person can say that they are the same', async () => {
  await upload(first)
  await upload(other, await answer(other, 'Reading'))
  expect(await values('csv.Reading', '2026-05-02', '2026-05-03')).toEqual([62.9, 12000])
})

test.each([
  ['another unit in the cells', 'Date,Reading\n2026-05-03,62.1 kg\n', 'Date,Reading\n2026-05-04,137 lb\n'],
  ['words', first, 'Date,Reading\n2026-05-03,good\n2026-05-04,bad\n'],
  ['durations', first, 'Date,Reading\n2026-05-03,1h 5m\n2026-05-04,50 min\n'],
])('%s under a known name are a metric of their own', async (_, before, after) => {
  await upload(before)
  expect(await upload(after)).toMatchObject({ status: 'succeeded' })
  expect(Object.keys(await fields()).sort()).toEqual(['Reading', 'Reading_2'])
})

test('a unit that one of two files does not say is asked about', async () => {
  await upload('Date,Load\n2026-05-03,62.1 kg\n')
  const [question] = await asked('Date,Load\n2026-05-04,62.5\n')
  expect(question?.choices.map(({ value }) => value)).toEqual(['Load_2', 'Load'])
})

test('usual differences of one metric are not asked about', async () => {
  await upload('Date,Steps\n2026-05-01,3000\n2026-05-02,9000\n2026-05-03,0\n')
  for (const steps of [350, 0, 25_000])
    expect(await upload(`Date,Steps\n2026-05-04,${steps}\n`)).toMatchObject({ status: 'succeeded' })
  expect(Object.keys(await fields())).toEqual(['Steps'])
})

test('files that were undone say nothing, and those of others neither', async () => {
  await upload(first)
  const [upload1] = await tributary.engine.uploads.list(ada.user.id, 'csv')
  await tributary.engine.uploads.undo(ada.user.id, upload1?.id ?? '')
  expect(await upload(other)).toMatchObject({ status: 'succeeded' })
  ada = await tributary.addUser('ben@example.org')
  expect(await upload(first)).toMatchObject({ status: 'succeeded' })
})
