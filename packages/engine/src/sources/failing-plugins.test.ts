import { type BaseIntegrationHandler, definePlugin, type FileFormat } from '@tributary/plugin-sdk'
import { afterEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createLog, type Log } from '../runtime/log.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

const fail = (): never => {
  throw new TypeError('x is undefined')
}

let tributary: TestEngine
let ada: SignedIn

/** An engine with a sound plugin and one that fails. */
async function start(failing: BaseIntegrationHandler, log?: Log) {
  tributary = await createTestEngine({
    plugins: [examplePlugin('sound'), failing],
    aliases: { sound: 'example-service', failing: 'example-service' },
    environment: { TRIBUTARY_SIMULATE: 'sound' },
    ...(log && { log }),
  })
  ada = await tributary.addUser('ada@example.org', 'admin')
  tributary.startWorker()
}

afterEach(() => tributary.close())

const listed = async () => (await tributary.engine.plugins.list(ada.user.id)).map(({ plugin }) => plugin.id)
const { plugin } = examplePlugin('failing')

test('a plugin that fails to say whether it is set up is not, and the others are listed beside it', async () => {
  await start(Object.assign(definePlugin(plugin), { isConfigured: fail }))
  expect(await listed()).toEqual(['sound', 'failing'])
  expect(await tributary.engine.plugins.get(ada.user.id, 'failing')).toMatchObject({ configured: false })
})

test('a plugin that fails to say what to set up says so on the page of admins', async () => {
  await start(definePlugin({ ...plugin, setupInfo: fail }))
  const { plugins } = await tributary.engine.admin.configuration(ada.user.id)
  expect(plugins.find(({ id }) => id === 'failing')?.setupInfo).toEqual([
    {
      label: 'Problem',
      value:
        'The Example plugin failed while listing what to set up. Update the plugin, or report this to its maker.',
      copyable: false,
    },
  ])
})

test.each([
  ['throw', fail],
  ['are none', () => undefined as never],
  ['have no key', () => [{ label: 'Client' }] as never],
])('a plugin whose settings %s is refused when the app starts', async (_, adminFields) => {
  await start(Object.assign(definePlugin(plugin), { adminFields }))
  expect(await listed()).toEqual(['sound'])
  const { refused } = await tributary.engine.admin.configuration(ada.user.id)
  expect(refused).toEqual([expect.stringMatching(/^a test was refused: /)])
})

test('a plugin that fails to read a refusal is logged, and leaves it to the status', async () => {
  const lines: string[] = []
  await start(
    definePlugin({ ...plugin, id: 'failing', api: { ...plugin.api, readError: fail, isNoData: fail } }),
    createLog('error', { write: (line) => lines.push(line) }),
  )
  await tributary.engine.admin.configure(ada.user.id, { 'plugin.failing.simulate': 'true' })
  await tributary.connect(ada, 'failing')
  await tributary.settled()
  tributary.lab.lab.faults.add({ source: 'failing', path: /data/, respond: { status: 503 } })
  expect(await tributary.sync(ada, 'failing')).toMatchObject({
    status: 'retrying',
    problem: { owner: 'source', message: 'Example could not answer (503).' },
  })
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual(
    Array.from({ length: 2 }, () =>
      expect.objectContaining({
        source: 'failing',
        msg: 'a plugin failed',
        cause: expect.objectContaining({ type: 'TypeError' }),
      }),
    ),
  )
})

test('a plugin that fails at a file says so, and nothing of the file stays', async () => {
  const files: FileFormat = {
    accept: ['.x'],
    mapping: { '~standard': { version: 1, vendor: 'tests', validate: (value) => ({ value }) } },
    guess: fail,
    fields: () => ({}),
    async *mapFile() {},
  }
  await start(definePlugin({ ...plugin, auth: { type: 'upload' }, files }))
  const { uploads } = tributary.engine
  const failure = {
    status: 500,
    code: 'plugin-failed',
    message: expect.stringContaining('Example plugin failed'),
  }
  await expect(uploads.guess(ada.user.id, 'failing', Buffer.from('x'))).rejects.toMatchObject(failure)
  const content = (async function* () {
    yield Buffer.from('x')
  })()
  const upload = { fileName: 'a.x', content, mapping: () => undefined }
  await expect(uploads.receive(ada.user.id, 'failing', upload)).rejects.toMatchObject(failure)
  expect(await tributary.database.query('select 1 from tributary.uploads')).toEqual([])
})

test.each<[string, Partial<FileFormat>, string]>([
  ['checks a mapping', { mapping: { '~standard': { version: 1, vendor: 'tests', validate: fail } } }, '{}'],
  [
    'checks a mapping later',
    { mapping: { '~standard': { version: 1, vendor: 'tests', validate: async () => fail() } } },
    '{}',
  ],
  ['lists the fields of a mapping', { fields: fail }, '{}'],
])('a plugin that fails while it %s says so, and nothing of the file stays', async (_, broken, mapping) => {
  await start(definePlugin({ ...plugin, auth: { type: 'upload' }, files: { ...soundFiles(), ...broken } }))
  await expect(upload('x', mapping)).rejects.toMatchObject({
    status: 500,
    code: 'plugin-failed',
    message: expect.stringContaining('Example plugin failed'),
  })
  expect(await tributary.database.query('select 1 from tributary.uploads')).toEqual([])
})

test('a plugin that fails while a file is undone says so, and the file stays', async () => {
  const files = soundFiles()
  const lines: string[] = []
  await start(
    definePlugin({ ...plugin, auth: { type: 'upload' }, files }),
    createLog('info', { write: (line) => lines.push(line) }),
  )
  await upload('1', '{}')
  await upload('2', '{}')
  await tributary.settled()
  const { uploads } = tributary.engine
  const [newest] = await uploads.list(ada.user.id, 'failing')
  files.fields = fail
  await expect(uploads.undo(ada.user.id, newest!.id)).rejects.toMatchObject({ code: 'plugin-failed' })
  expect(lines.join('')).toContain('a plugin failed')
  files.fields = soundFiles().fields
  expect((await uploads.list(ada.user.id, 'failing')).map(({ undone }) => undone)).toEqual([false, false])
  await uploads.undo(ada.user.id, newest!.id)
})

function soundFiles(): FileFormat {
  return {
    accept: ['.x'],
    mapping: { '~standard': { version: 1, vendor: 'tests', validate: (value) => ({ value }) } },
    guess: () => ({ mapping: {}, questions: [], preview: { header: [], rows: [], candidates: {} } }),
    fields: () => ({ cups: { name: 'Cups', type: 'number', unit: '1', day: 'sum' } }),
    async *mapFile() {
      yield { line: 1, records: [{ date: '2026-03-01', fields: { cups: 1 } }] }
    },
  }
}

function upload(text: string, mapping: string) {
  const content = (async function* () {
    yield Buffer.from(text)
  })()
  return tributary.engine.uploads.receive(ada.user.id, 'failing', {
    fileName: 'a.x',
    content,
    mapping: () => mapping,
  })
}

test('a plugin whose declaration the database does not accept is refused, and the others are there', async () => {
  await start(definePlugin({ ...plugin, retired: { since: 'some day', reason: 'It ended.' } as never }))
  expect(await listed()).toEqual(['sound'])
  const { refused } = await tributary.engine.admin.configuration(ada.user.id)
  expect(refused).toEqual([
    expect.stringMatching(/^The plugin "failing" was refused: the database does not accept/),
  ])
})

test('a source whose stored settings cannot be read is not set up, and keeps no other from being listed', async () => {
  await start(definePlugin(plugin))
  await tributary.engine.admin.configure(ada.user.id, { 'plugin.failing.client_secret': 'a secret' })
  await tributary.database.query(
    `update tributary.system_config set sealed_value = substring(sealed_value for 6) || 'broken'::bytea where sealed_value is not null`,
  )
  const statuses = await tributary.engine.plugins.list(ada.user.id)
  expect(statuses.map(({ plugin: { id }, configured }) => [id, configured])).toEqual([
    ['sound', true],
    ['failing', false],
  ])
  expect(await tributary.engine.isSimulating()).toBe(true)
})
