import { definePlugin, type FileFormat, type FileRow } from '@tributary/plugin-sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const at = '2026-03-01T08:00:00Z'
const rows: FileRow[] = [
  { line: 1, records: [{ date: '2026-03-01', fields: { steps: 1 }, origin: 'watch' }] },
  { line: 2, records: [{ date: '2026-03-01', fields: { steps: 2 }, origin: 'phone' }] },
  { line: 3, records: [{ date: '2026-03-01', fields: { steps: 3 }, dimension: 'left' }] },
  { line: 4, records: [{ field: 'steps', start: at, value: 4, origin: 'watch' }] },
  { line: 5, records: [{ field: 'steps', start: at, value: 5, origin: 'phone' }] },
]
const files: FileFormat<object> = {
  accept: ['.txt'],
  mapping: { '~standard': { version: 1, vendor: 'tests', validate: () => ({ value: {} }) } },
  guess: () => ({
    mapping: {},
    questions: [],
    preview: { header: [], rows: [], timed: false, candidates: {} },
  }),
  fields: () => ({ steps: { name: 'Steps', type: 'number', unit: '{steps}', day: 'sum' } }),
  async *mapFile() {
    yield* rows
  },
}
const devices = definePlugin({
  id: 'devices',
  name: 'Devices',
  description: 'Files for these tests.',
  icon: '📄',
  auth: { type: 'upload' },
  api: { baseUrl: 'https://upload.invalid' },
  fields: {},
  streams: {},
  files,
})
const { plugin } = examplePlugin('service')
const service = definePlugin({ ...plugin, files })

let tributary: TestEngine

beforeAll(async () => {
  tributary = await createTestEngine({
    plugins: [devices, service],
    aliases: { service: 'example-service' },
  })
  tributary.startWorker()
})

afterAll(() => tributary.close())

async function* content() {
  yield Buffer.from('anything')
}

test('what a file says of several devices or parts is kept apart', async () => {
  const { user } = await tributary.addUser('ada@example.org')
  const { id } = await tributary.engine.uploads.receive(user.id, 'devices', {
    fileName: 'devices.txt',
    content: content(),
    mapping: () => undefined,
  })
  await tributary.settled()
  expect(await tributary.engine.jobs.get(user.id, id)).toMatchObject({
    status: 'succeeded',
    counts: { read: 5, values: 5, new: 5, setAside: 0 },
  })
  expect(
    await tributary.database.query(
      `select dimension, origin, r.value as said, m.value as measured from tributary.series s
       left join tributary.daily_records r on r.series_id = s.id left join tributary.measurements m on m.series_id = s.id
       order by coalesce(r.value, 0)`,
    ),
  ).toEqual([
    { dimension: '', origin: '', said: null, measured: null },
    { dimension: '', origin: 'watch', said: 1, measured: 4 },
    { dimension: '', origin: 'phone', said: 2, measured: 5 },
    { dimension: 'left', origin: '', said: 3, measured: null },
  ])
})

test('a file of a source whose account is connected leaves that connection as it is', async () => {
  const signedIn = await tributary.addUser('ben@example.org')
  await tributary.connect(signedIn, 'service')
  await tributary.settled()
  const connection = () =>
    tributary.database.query<{ id: string }>(
      `select id, account_id, state, connected_at from tributary.user_integrations
       where user_id = $1 and account_id <> 'uploads'`,
      [signedIn.user.id],
    )
  const before = await connection()
  const upload = { fileName: 'devices.txt', content: content(), mapping: () => undefined }
  await tributary.engine.uploads.receive(signedIn.user.id, 'service', upload)
  expect(await connection()).toEqual(before)
  expect(await tributary.engine.plugins.get(signedIn.user.id, 'service')).toMatchObject({
    connection: before[0]?.id,
  })
  await tributary.settled()
})

test('the data of the files is removed without that of the account', async () => {
  const signedIn = await tributary.addUser('cora@example.org')
  const { plugins, uploads } = tributary.engine
  await tributary.connect(signedIn, 'service')
  const upload = { fileName: 'devices.txt', content: content(), mapping: () => undefined }
  await uploads.receive(signedIn.user.id, 'service', upload)
  await tributary.settled()
  const [account, files] = (await plugins.get(signedIn.user.id, 'service')).connections
  expect(await uploads.list(signedIn.user.id, 'service')).toHaveLength(1)
  await plugins.disconnect(signedIn.user.id, 'service', { deleteData: true, connection: files?.id })
  expect(await uploads.list(signedIn.user.id, 'service')).toEqual([])
  expect((await plugins.get(signedIn.user.id, 'service')).connections).toMatchObject([{ id: account?.id }])
})
