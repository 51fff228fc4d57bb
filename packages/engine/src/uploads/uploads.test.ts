import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Job, SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
})

afterAll(() => tributary.close())

async function* pieces(text: string): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
}

async function upload(text: string, mapping?: unknown): Promise<Job> {
  const job = await tributary.engine.uploads.receive(ada.user.id, 'csv', {
    fileName: 'values.csv',
    content: pieces(text),
    mapping: () => (mapping === undefined ? undefined : JSON.stringify(mapping)),
  })
  await tributary.settled()
  return tributary.engine.jobs.get(ada.user.id, job.id)
}

async function guess(text: string): Promise<{ columns: { day?: string }[] }> {
  const { mapping } = await tributary.engine.uploads.guess(ada.user.id, 'csv', Buffer.from(text))
  return mapping as { columns: { day?: string }[] }
}

async function values(metric: string, from: string, to: string) {
  const { days } = await tributary.engine.metrics.daily(ada.user.id, { from, to, metrics: [metric] })
  return days.map((day) => day.values[metric])
}

test('a file becomes fields of a connection that the first upload makes, and bad rows are named with their line', async () => {
  const job = await upload(
    'date;coffee;mood\n2026-01-01;2,5;good\n2026-01-02;many;bad\n2026-01-03;;fine\n2026-01-04;1,5;\n2026-01-05;3,0;good\n',
  )
  expect(job).toMatchObject({ status: 'partial', counts: { read: 5, rejected: 1 } })
  expect(job.reason).toMatch(/^1 of 5 rows could not be read; the others were imported: line 3: /)
  expect(await values('csv.coffee', '2026-01-01', '2026-01-03')).toEqual([2.5, null, null])
  expect(await values('csv.mood', '2026-01-01', '2026-01-03')).toEqual(['good', null, 'fine'])
  const { plugin, connected } = await tributary.engine.plugins.get(ada.user.id, 'csv')
  expect(connected).toBe(true)
  expect(plugin.fields.map(({ id }) => id).sort()).toEqual(['coffee', 'mood'])
})

test('of many bad rows the first are named, and how many more there are', async () => {
  const rows = Array.from({ length: 17 }, (_, day) => `2026-09-${day + 10},${day < 5 ? 'many' : 1}`)
  const job = await upload(`date,tea\n${rows.join('\n')}\n`)
  expect(job.reason).toMatch(
    /^5 of 17 rows could not be read; the others were imported: line 2: .+; line 3: .+; line 4: .+; and 2 more\.$/,
  )
  await undoNewest()
})

test('a file of over 2 GiB is refused, and nothing of it stays', async () => {
  const before = await tributary.engine.uploads.list(ada.user.id, 'csv')
  async function* content() {
    yield Buffer.from('date,tea\n2026-01-01,1\n')
    // Memory that nobody writes to is not used.
    yield new Uint8Array(2 * 1024 ** 3)
  }
  const received = tributary.engine.uploads.receive(ada.user.id, 'csv', {
    fileName: 'large.csv',
    content: content(),
    mapping: () => undefined,
  })
  await expect(received).rejects.toMatchObject({ status: 413, code: 'too-large' })
  expect(await tributary.engine.uploads.list(ada.user.id, 'csv')).toEqual(before)
})

test('an upload is a layer over the others: it deletes nothing, and undone it shows what lay under it', async () => {
  await upload('date,weight\n2026-02-01,80\n2026-02-02,81\n')
  await upload('date,weight\n2026-02-02,79\n2026-02-03,78\n')
  expect(await values('csv.weight', '2026-02-01', '2026-02-03')).toEqual([80, 79, 78])
  const [newest] = await tributary.engine.uploads.list(ada.user.id, 'csv')
  expect(newest).toMatchObject({ from: '2026-02-02', to: '2026-02-03', undone: false })
  await tributary.engine.uploads.undo(ada.user.id, newest?.id ?? '')
  expect(await values('csv.weight', '2026-02-01', '2026-02-03')).toEqual([80, 81, null])
  await expect(tributary.engine.uploads.undo(ada.user.id, newest?.id ?? '')).rejects.toMatchObject({
    status: 404,
  })
})

test('the same file twice gives the same values', async () => {
  const text = 'date,pages\n2026-03-01,10\n2026-03-02,20\n'
  await upload(text)
  const first = await values('csv.pages', '2026-03-01', '2026-03-02')
  await upload(text)
  expect(await values('csv.pages', '2026-03-01', '2026-03-02')).toEqual(first)
})

test('rows with a time of day are measurements, made a day by the rule that was chosen', async () => {
  const mapping = await guess('time,glucose\n2026-04-01 08:00,5.0\n2026-04-01 20:00,7.0\n')
  const columns = mapping.columns.map((column) => ({ ...column, day: 'mean' }))
  await upload('time,glucose\n2026-04-01 08:00,5.0\n2026-04-01 20:00,7.0\n', { ...mapping, columns })
  expect(await values('csv.glucose', '2026-04-01', '2026-04-01')).toEqual([6])
})

test.each([
  ['', 'unreadable-file'],
  ['just a sentence', 'unreadable-file'],
  ['PK\u0003\u0004 an archive', 'unreadable-file'],
])('"%s" is refused by a sentence, and nothing of it stays', async (text, code) => {
  const before = await tributary.engine.uploads.list(ada.user.id, 'csv')
  await expect(upload(text)).rejects.toMatchObject({ status: 422, code })
  expect(await tributary.engine.uploads.list(ada.user.id, 'csv')).toEqual(before)
})

test('a mapping that is none is refused, and so is a file for a source that takes none', async () => {
  await expect(upload('date,a\n2026-01-01,1\n', { delimiter: 'x' })).rejects.toMatchObject({
    code: 'bad-mapping',
  })
  const wrong = { fileName: 'x', content: pieces('a'), mapping: () => undefined }
  await expect(tributary.engine.uploads.receive(ada.user.id, 'fitbit', wrong)).rejects.toMatchObject({
    code: 'no-files',
  })
})

test('what is taken back, and what was refused, frees the disk', async () => {
  const bodies = () => tributary.database.query('select hash from tributary.raw_bodies order by 1')
  const before = await bodies()
  await upload('date,tea\n2026-06-01,1\n')
  expect(await bodies()).toHaveLength(before.length + 1)
  const [newest] = await tributary.engine.uploads.list(ada.user.id, 'csv')
  await tributary.engine.uploads.undo(ada.user.id, newest?.id ?? '')
  expect(await bodies()).toEqual(before)
  await expect(upload('a sentence of its own')).rejects.toMatchObject({ status: 422 })
  expect(await bodies()).toEqual(before)
})

const gibibyte = 2 ** 30

test.each([
  [
    'as much as a user may keep',
    1,
    20 * gibibyte - 10,
    413,
    'too-large',
    /over 20 GiB together\. Take some back/,
  ],
  ['as many files', 1_000, 1, 409, 'too-many-files', /1000 files.*Take some back/],
])(
  'whoever has %s brings no more, until some is taken back',
  async (_, files, bytes, status, code, words) => {
    const cy = await tributary.addUser(`${code}@example.org`)
    const bring = (text: string) =>
      tributary.engine.uploads.receive(cy.user.id, 'csv', {
        fileName: 'values.csv',
        content: pieces(text),
        mapping: () => undefined,
      })
    await bring('date,a\n2026-01-01,1\n')
    await tributary.settled()
    const [first] = await tributary.engine.uploads.list(cy.user.id, 'csv')
    await tributary.database.query(
      `insert into tributary.uploads (user_id, source_id, layer, file_name, bytes)
     select $1, 'csv', n + 1, 'old.csv', $3 from generate_series(1, $2::integer - 1) n`,
      [cy.user.id, files, bytes],
    )
    await tributary.database.query(`update tributary.uploads set bytes = $2 where id = $1`, [
      first?.id,
      bytes,
    ])
    const refused = bring('date,b\n2026-01-01,1\n')
    await expect(refused).rejects.toMatchObject({
      status,
      code,
      message: expect.stringMatching(words) as string,
    })
    expect(await tributary.engine.uploads.list(cy.user.id, 'csv')).toHaveLength(files)
    await tributary.engine.uploads.undo(cy.user.id, first?.id ?? '')
    await bring('date,b\n2026-01-01,1\n')
  },
)

test("another user's upload does not exist", async () => {
  const ben = await tributary.addUser('ben@example.org')
  const [mine] = await tributary.engine.uploads.list(ada.user.id, 'csv')
  expect(await tributary.engine.uploads.list(ben.user.id, 'csv')).toEqual([])
  await expect(tributary.engine.uploads.undo(ben.user.id, mine?.id ?? '')).rejects.toMatchObject({
    status: 404,
  })
})

test('a worker that dies while it reads leaves nothing half written', async () => {
  const broken = await upload('date,steps_walked\n2026-05-01,1\n')
  expect(broken.status).toBe('succeeded')
  await tributary.database.query(`update tributary.import_jobs set status = 'queued' where id = $1`, [
    broken.id,
  ])
  await tributary.settled()
  expect(await values('csv.steps_walked', '2026-05-01', '2026-05-01')).toEqual([1])
})

const undoNewest = async () => {
  const [newest] = await tributary.engine.uploads.list(ada.user.id, 'csv')
  await tributary.engine.uploads.undo(ada.user.id, newest?.id ?? '')
}

test('an upload that is undone leaves older files as they were, where it had changed what a column means', async () => {
  const text = (day: string) => `time,glucose\n${day} 08:00,5.0\n${day} 20:00,7.0\n`
  const meaning = async (change: object) => {
    const guessed = await guess(text('2026-04-01'))
    return { ...guessed, columns: guessed.columns.map((column) => ({ ...column, ...change })) }
  }
  await upload(text('2026-04-01'), await meaning({ day: 'mean' }))
  await upload(text('2026-05-01'), await meaning({ day: 'sum', unit: 'kg', kind: 'weight' }))
  const found = async () => [
    await values('csv.glucose', '2026-04-01', '2026-04-01'),
    await values('metric.weight', '2026-04-01', '2026-04-01'),
  ]
  expect(await found()).toEqual([[12], [12]])
  await undoNewest()
  expect(await found()).toEqual([[6], [null]])
})

test('a column of a name that no index takes is imported under a shorter one', async () => {
  const name = 'long'.repeat(1000)
  expect(await upload(`date,${name}\n2026-06-01,1\n`)).toMatchObject({ status: 'succeeded' })
  const field = name.slice(0, 190)
  expect(await values(`csv.${field}`, '2026-06-01', '2026-06-01')).toEqual([1])
  await undoNewest()
})

test.each([
  ['sleep (h)', { type: 'number', unit: 'h', kind: 'sleep-duration' }, 'of the type duration'],
  ['weight (lb)', { type: 'number', unit: '[lb_av]', kind: 'weight' }, 'of the type number in kg'],
  ['mood', { type: 'text', kind: 'steps' }, 'of the type number in {steps}'],
])('a column %s is refused as what counts otherwise', async (name, change, words) => {
  const text = `date,${name}\n2026-07-01,8\n`
  const guessed = await guess(text)
  const mapping = { ...guessed, columns: guessed.columns.map((column) => ({ ...column, ...change })) }
  await expect(upload(text, mapping)).rejects.toThrow(words)
})

test('an upload undone after a move leaves no value on the days that its rows are of now', async () => {
  await upload('time,pulse\n2026-06-01 23:30,50\n')
  await tributary.engine.accounts.setTimeZone(ada.user.id, 'Asia/Tokyo')
  expect(await values('csv.pulse', '2026-06-01', '2026-06-03')).toEqual([null, 50, null])
  await undoNewest()
  expect(await values('csv.pulse', '2026-06-01', '2026-06-03')).toEqual([null, null, null])
  await tributary.engine.accounts.setTimeZone(ada.user.id, 'Europe/Berlin')
})

test('an upload undone while a later one is read takes none of its columns', async () => {
  await upload('date,rope\n2026-06-10,1\n')
  const [older] = await tributary.engine.uploads.list(ada.user.id, 'csv')
  await tributary.engine.uploads.receive(ada.user.id, 'csv', {
    fileName: 'later.csv',
    content: pieces('date,swim\n2026-06-10,2\n'),
    mapping: () => undefined,
  })
  await tributary.engine.uploads.undo(ada.user.id, older?.id ?? '')
  await tributary.settled()
  expect(await values('csv.swim', '2026-06-10', '2026-06-10')).toEqual([2])
  expect(await values('csv.rope', '2026-06-10', '2026-06-10')).toEqual([null])
})

test('a file that says again how a column makes a day, or what it means, says it of the older files too', async () => {
  const text = (day: string) => `time,glow\n${day} 08:00,5\n${day} 20:00,7\n`
  const columns = (day: string, kind?: string) => [
    {
      column: 'glow',
      field: 'glow',
      name: 'glow',
      unit: 'kg',
      type: 'number',
      day,
      ...(kind ? { kind } : {}),
    },
  ]
  const guessed = await guess(text('2026-06-20'))
  await upload(text('2026-06-20'), { ...guessed, columns: columns('last') })
  expect(await values('csv.glow', '2026-06-20', '2026-06-20')).toEqual([7])
  await upload(text('2026-06-22'), { ...guessed, columns: columns('mean', 'weight') })
  expect(await values('csv.glow', '2026-06-20', '2026-06-22')).toEqual([6, null, 6])
  expect(await values('metric.weight', '2026-06-20', '2026-06-22')).toEqual([6, null, 6])
})
