import type { BaseIntegrationHandler, ImportRun, WindowRun } from '@tributary/plugin-sdk'
import { afterEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createLog } from '../runtime/log.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { twoStreams, twoStreamsPlugin } from '../testing/two-streams-plugin.ts'

const days = { startDate: '2026-11-16', endDate: '2026-11-19' }
const mistake = (): never => {
  throw new TypeError('x is undefined')
}

let tributary: TestEngine
let ada: SignedIn
let lines: string[]

afterEach(() => tributary.close())

/** Connects a source whose plugin processes imports in its own way. */
async function start(processWindows: (this: BaseIntegrationHandler, run: WindowRun) => Promise<void>) {
  lines = []
  const usual = twoStreamsPlugin(twoStreams())
  const own = Object.assign(twoStreamsPlugin(twoStreams()), {
    async processImport(run: ImportRun) {
      if (run.kind === 'windows') await processWindows.call(usual, run)
    },
  })
  tributary = await createTestEngine({
    plugins: [own],
    aliases: { example: 'example-service' },
    log: createLog('info', { write: (line) => lines.push(line) }),
  })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyPaused: true })
  await tributary.settled()
}

const failures = () =>
  lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === 'a plugin failed')

test('a plugin that fails while it processes an import is named, and logged with the job', async () => {
  await start(mistake)
  const { id, problem } = await tributary.sync(ada, 'example', days)
  expect(problem).toEqual({
    owner: 'plugin',
    code: 'plugin-failed',
    message:
      'The Example plugin failed while processing an import. Update the plugin, or report this to its maker.',
  })
  // The job has ended a moment before it is logged.
  await expect.poll(failures).toContainEqual(
    expect.objectContaining({
      job: id,
      source: 'example',
      cause: expect.objectContaining({ type: 'TypeError' }),
    }),
  )
})

test('a plugin that fails at one window is named with the stream, and the others are stored', async () => {
  await start(async function (run) {
    for await (const window of run.windows()) {
      try {
        if (window.stream === 'two') mistake()
        const http = await run.authenticate(() => run.connect())
        const asked = { http, ...window, zone: run.zone }
        const archived = await window.archive(() => this.fetchData(window.stream, asked))
        const staged = await archived.stage((pages) => this.mapData(window.stream, pages, asked))
        await staged.commit()
      } catch (error) {
        await window.fail(error)
      }
    }
    await run.settle()
  })
  const { id, problem, streams } = await tributary.sync(ada, 'example', days)
  expect(problem).toMatchObject({
    owner: 'plugin',
    message: expect.stringMatching(/^The Example plugin failed while importing two\./),
  })
  expect(streams['one']).toMatchObject({ read: 4 })
  expect(failures()).toContainEqual(expect.objectContaining({ job: id, source: 'example', stream: 'two' }))
})

test('an import that its plugin does not settle does not succeed', async () => {
  await start(async (run) => {
    for await (const window of run.windows()) void window
  })
  const { status, problem } = await tributary.sync(ada, 'example', days)
  expect(status).not.toBe('succeeded')
  expect(problem).toMatchObject({ owner: 'plugin', message: expect.stringContaining('without settling it') })
})

test('what the database fails to do for a plugin that processes imports itself is not its fault', async () => {
  await start(async function (run) {
    for await (const window of run.windows()) {
      const http = await run.authenticate(() => run.connect())
      const asked = { http, ...window, zone: run.zone }
      await window.archive(() => this.fetchData(window.stream, asked))
    }
    await run.settle()
  })
  await tributary.database.query('alter table tributary.raw_bodies rename to bodies_elsewhere')
  try {
    expect(await tributary.sync(ada, 'example', days)).toMatchObject({
      problem: { owner: 'admin', code: 'failed-here' },
    })
  } finally {
    await tributary.database.query('alter table tributary.bodies_elsewhere rename to raw_bodies')
  }
})
