import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { hourlyPlugin } from '../testing/hourly-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({
    plugins: [hourlyPlugin({ value: 1 })],
    aliases: { example: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
})

afterEach(() => tributary.close())

test('an import for which the disk has no room says so, is tried again, and ends when there is room', async () => {
  await tributary.database.query(`create function public.no_room() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`)
  await tributary.database.query(
    'create trigger no_room before insert on tributary.raw_bodies execute function public.no_room()',
  )
  await tributary.connect(ada, 'example')
  tributary.startWorker()
  const job = async () => (await tributary.engine.plugins.get(ada.user.id, 'example')).job
  await expect.poll(async () => (await job())?.status).toBe('retrying')
  expect((await job())?.problem).toMatchObject({
    owner: 'admin',
    message: 'The disk of this installation is full. Ask an admin to make room, then try again.',
  })
  await tributary.database.query('drop trigger no_room on tributary.raw_bodies')
  await tributary.database.query('drop function public.no_room()')
  tributary.clock.add({ hours: 1 })
  await tributary.settled()
  expect((await job())?.status).toBe('succeeded')
})
