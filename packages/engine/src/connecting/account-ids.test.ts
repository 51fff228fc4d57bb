import { type Account, definePlugin } from '@tributary/plugin-sdk'
import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn
/** What the example source's plugin returns as its account. */
let account: unknown

const { plugin } = examplePlugin('example')
const example = definePlugin({
  ...plugin,
  api: { ...plugin.api, identify: () => Promise.resolve(account as Account) },
})

beforeEach(async () => {
  tributary = await createTestEngine({
    plugins: [...plugins, example],
    aliases: { example: 'example-service' },
  })
  ada = await tributary.addUser('ada@example.org')
})

afterEach(() => tributary.close())

const accounts = () =>
  tributary.database.query(
    `select account_id, account_aliases from tributary.user_integrations where credentials is not null`,
  )

async function expectRefused(source: string, name: string): Promise<void> {
  expect(await accounts()).toEqual([])
  expect(await tributary.engine.plugins.get(ada.user.id, source)).toMatchObject({
    connected: false,
    reason: expect.stringContaining(`The ${name} plugin did not say which account it is connected to`),
  })
}

describe('a plugin that returns', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text in place of an account', 'u-1'],
    ['an account without an id', {}],
    ['an id that is null', { id: null }],
    ['an empty id', { id: '' }],
    ['a blank id', { id: ' ' }],
    ['an id that is no number', { id: Number.NaN }],
    ['an infinite id', { id: Infinity }],
    ['an id whose last digits JSON lost', { id: 2 ** 60 }],
    ['an id that is an object', { id: { value: 1 } }],
    ['an alias that is missing', { id: 'u-1', aliases: [undefined] }],
    ['an empty alias', { id: 'u-1', aliases: [''] }],
  ])('%s is refused by name, and nothing is stored', async (_, given) => {
    account = given
    await expect(tributary.connect(ada, 'example')).rejects.toMatchObject({ code: 'refused' })
    await expectRefused('example', 'Example')
  })

  test.each([
    ['a text', { id: 'u-1' }, { account_id: 'u-1', account_aliases: [] }],
    ['a number', { id: 7, aliases: [8] }, { account_id: '7', account_aliases: ['8'] }],
    ['zero', { id: 0 }, { account_id: '0', account_aliases: [] }],
  ])('%s as id is connected to that account', async (_, given, stored) => {
    account = given
    await tributary.connect(ada, 'example')
    expect(await accounts()).toEqual([stored])
  })
})

describe('a provider that leaves the id out', () => {
  test.each([{}, { healthUserId: '' }, { legacyUserId: 'old' }])('of Google Health: %j', async (body) => {
    tributary.lab.lab.faults.add({
      source: 'google-health',
      path: /identity/,
      respond: { status: 200, body },
    })
    await expect(tributary.connect(ada, 'google-health')).rejects.toMatchObject({ code: 'refused' })
    await expectRefused('google-health', 'Google Health')
  })

  test.each([{}, { data: null }, { data: { username: 'ada' } }])('of WakaTime: %j', async (body) => {
    tributary.lab.lab.faults.add({
      source: 'wakatime',
      path: /users\/current/,
      respond: { status: 200, body },
    })
    const connected = tributary.engine.plugins.setKey(ada, 'wakatime', 'lab-key-1ab5ec2e7c0ffee0')
    await expect(connected).rejects.toMatchObject({
      status: 409,
      code: 'refused',
      message: expect.stringContaining('The WakaTime plugin did not say which account it is connected to'),
    })
    expect(await accounts()).toEqual([])
  })

  test.each([{}, { user_id: null }, { user_id: '' }, { user_id: {} }])('of Fitbit: %j', async (id) => {
    const body = { access_token: 'a', refresh_token: 'r', expires_in: 28_800, token_type: 'Bearer', ...id }
    tributary.lab.lab.faults.add({ source: 'fitbit', path: /token/, respond: { status: 200, body } })
    await expect(tributary.connect(ada, 'fitbit')).rejects.toMatchObject({ code: 'refused' })
    await expectRefused('fitbit', 'Fitbit')
  })
})

test('the example source of the tests is connected to the account that its service names', async () => {
  const other = await createTestEngine({
    plugins: [examplePlugin('example')],
    aliases: { example: 'example-service' },
  })
  try {
    await other.connect(await other.addUser('bo@example.org'), 'example')
    expect(await other.database.query(`select account_id from tributary.user_integrations`)).toEqual([
      { account_id: 'u-2718' },
    ])
  } finally {
    await other.close()
  }
})
