import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createLog } from '../runtime/log.ts'
import { healClock } from '../schedule/heal-clock.ts'
import { changeSteps } from '../testing/change-steps.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { openDatabase } from './database.ts'

let tributary: TestEngine
let ada: SignedIn
let ben: SignedIn

beforeEach(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org', 'admin')
  ben = await tributary.addUser('ben@example.org')
})

afterEach(() => tributary.close())

/** Makes every statement fail that writes a row of Ada to a table. */
async function refuseAda(table: string, event: string, condition: string): Promise<void> {
  await tributary.database.query(`
    create function tributary.refuse() returns trigger language plpgsql as $$ begin raise 'a fault of one user'; end $$;
    create trigger refuse before ${event} on tributary.${table} for each row
      when (${condition} = '${ada.user.id}') execute function tributary.refuse()`)
}

interface Logged {
  user?: string
  msg: string
}

function collectErrors() {
  const errors: Logged[] = []
  return {
    errors,
    log: createLog('error', { write: (line: string) => errors.push(JSON.parse(line) as Logged) }),
  }
}

test('a remap that cannot begin for one user begins for the others', async () => {
  const worker = tributary.startWorker()
  for (const user of [ada, ben]) {
    await tributary.connect(user, 'fitbit')
    await tributary.engine.plugins.change(user.user.id, 'fitbit', { historyPaused: true })
  }
  await tributary.settled()
  await worker.stop()
  await refuseAda('remaps', 'insert', 'new.user_id')
  const { errors, log } = collectErrors()
  const raised = await createTestEngine({
    plugins: [changeSteps(() => 2, { mappingVersion: 1000 })],
    beside: tributary,
    log,
  })
  await raised.startWorker().stop()
  expect(await tributary.database.query('select user_id from tributary.remaps')).toEqual([
    { user_id: ben.user.id },
  ])
  expect(errors).toMatchObject([{ user: ada.user.id }])
  await raised.close()
})

test('a time zone that cannot be renamed for one user is renamed for the others, and the app starts', async () => {
  await tributary.database.query(`update tributary.users set time_zone = 'Asia/Calcutta'`)
  await refuseAda('users', 'update', 'new.id')
  const { errors, log } = collectErrors()
  const again = await createTestEngine({ plugins, beside: tributary, log })
  await again.close()
  expect(await tributary.database.query('select time_zone from tributary.users order by email')).toEqual([
    { time_zone: 'Asia/Calcutta' },
    { time_zone: 'Asia/Kolkata' },
  ])
  expect(errors).toMatchObject([{ user: ada.user.id }])
})

test('a session that a clock ahead left behind and that cannot be set right keeps no imports back', async () => {
  await tributary.connect(ben, 'fitbit')
  await tributary.database.query(`update tributary.user_integrations set next_sync_at = '2030-01-01'`)
  await tributary.database.query(`update tributary.sessions set expires_at = '2040-01-01'`)
  await refuseAda('sessions', 'update', 'new.user_id')
  const database = openDatabase({ url: tributary.database.url })
  const { healed, faults } = await healClock(database, tributary.clock.now())
  await database.close()
  expect({ healed, faults: faults.length }).toEqual({ healed: 1, faults: 1 })
})

test('simulated data that cannot be removed for one user is removed for the others, and the admin hears of it', async () => {
  await tributary.close()
  tributary = await createTestEngine({ plugins, environment: { TRIBUTARY_SIMULATE: '' } })
  ada = await tributary.addUser('ada@example.org', 'admin')
  ben = await tributary.addUser('ben@example.org')
  const simulate = (value: string | null) =>
    tributary.engine.admin.configure(ada.user.id, { 'plugin.fitbit.simulate': value })
  await simulate('true')
  for (const user of [ada, ben]) await tributary.connect(user, 'fitbit')
  await refuseAda('user_integrations', 'update', 'new.user_id')
  await expect(simulate(null)).rejects.toThrow('a fault of one user')
  expect(
    await tributary.database.query('select user_id, state from tributary.user_integrations order by state'),
  ).toEqual([
    { user_id: ada.user.id, state: 'connected' },
    { user_id: ben.user.id, state: 'disconnected' },
  ])
})
