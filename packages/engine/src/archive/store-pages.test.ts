import { randomBytes } from 'node:crypto'
import type { Answer } from '@tributary/plugin-sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { examplePlugin } from '../testing/example-plugin.ts'
import { openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { archiveAnswers } from '../import-run/archive-answers.ts'
import { WindowRecorder } from '../import-run/window-recorder.ts'
import { readPage } from './read-page.ts'

let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({
    plugins: [examplePlugin('example')],
    aliases: { example: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
  await tributary.connect(ada, 'example')
  tributary.startWorker()
  await tributary.settled()
})

afterAll(() => tributary.close())

test('an answer that comes again unchanged is a page of its fetch, and is stored once', async () => {
  const days = { startDate: '2026-11-01', endDate: '2026-11-09' }
  const sync = () => tributary.sync(ada, 'example', days)
  const count = async () => {
    const [row] = await tributary.database
      .query(`select (select count(*)::integer from tributary.raw_pages) as pages,
      (select count(*)::integer from tributary.raw_bodies) as bodies`)
    return row as { pages: number; bodies: number }
  }
  await sync()
  const before = await count()
  expect(await sync()).toMatchObject({ status: 'succeeded', counts: { new: 0, changed: 0, removed: 0 } })
  expect(await count()).toEqual({ pages: before.pages + 1, bodies: before.bodies })
})

test('an answer is kept as it came, to the last space', async () => {
  const body = '{ "entries" : [ {"date":"2026-11-05", "score": 7.10e1} ],\n  "incomplete": "\\u00e9" }\n'
  tributary.lab.lab.faults.add({ source: 'example', path: /data/, times: 1, respond: { status: 200, body } })
  const days = { startDate: '2026-11-05', endDate: '2026-11-05' }
  expect(await tributary.sync(ada, 'example', days)).toMatchObject({ status: 'succeeded' })
  const [fetched] = await tributary.database.query<{ id: string }>(
    'select id::text from tributary.fetches order by id desc limit 1',
  )
  const database = openDatabase({ url: tributary.database.url, maxConnections: 1 })
  const kept = await database.asUser(ada.user.id, (db) => readPage(db, fetched?.id ?? '', 0))
  await database.close()
  expect(kept?.toString()).toBe(body)
})

/** Keeps the answers of a fetch that a test makes up. */
async function archive(answers: () => Iterable<Answer>) {
  const [job] = await tributary.database.query<{ id: string }>(
    'select id from tributary.import_jobs order by created_at desc limit 1',
  )
  const database = openDatabase({ url: tributary.database.url, maxConnections: 1 })
  const fetchOf = {
    userId: ada.user.id,
    jobId: job?.id ?? '',
    source: { id: 'example', name: 'Example' },
    label: 'Days',
    accountId: 'a',
    zone: 'UTC',
    window: { stream: 'days', dataType: '', from: '2026-11-01', to: '2026-11-02' },
  }
  const fetch = async function* () {
    yield* answers()
  }
  try {
    return await archiveAnswers(database, fetchOf, fetch, new WindowRecorder())
  } finally {
    await database.close()
  }
}

test('an answer of some size that comes again and again in one fetch ends it, and a small one does not', async () => {
  const some = { next: 'page 2', values: Array.from({ length: 100 }, (_, value) => value) }
  await expect(archive(() => [some, some, some])).rejects.toThrow('Example gave pages without an end.')
  const { pages } = await archive(() => Array.from({ length: 20 }, () => ({ values: [] })))
  expect(pages).toHaveLength(20)
})

test('a fetch that broke off keeps the pages that came, and is not complete', async () => {
  // So much that the first pages are written before the last has come.
  const page = () => ({ noise: randomBytes(1_200_000).toString('base64') })
  const brokenOff = archive(function* () {
    yield page()
    yield page()
    throw new Error('the line went dead')
  })
  await expect(brokenOff).rejects.toThrow()
  const whole = await archive(() => [page(), { last: true }])
  const fetches = await tributary.database.query(
    `select f.id::text, f.completed_at is not null as complete, array_agg(p.page order by p.page) as pages
     from tributary.fetches f join tributary.raw_pages p on p.fetch_id = f.id where f.account_id = 'a' group by f.id order by f.id desc limit 2`,
  )
  expect(fetches).toEqual([
    { id: whole.fetchId, complete: true, pages: [0, 1] },
    { id: expect.any(String), complete: false, pages: [0, 1] },
  ])
})
