import { randomBytes } from 'node:crypto'
import { OAuth2Helper } from '@tributary/plugin-sdk'
import { plugins } from '@tributary/plugins'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { codeOf, spanOf } from '../accounts/time-codes.ts'
import type { SignedIn } from '../contract/engine.ts'
import { findCanary } from './canaries.ts'
import { createTestDatabase } from './test-database.ts'
import { consent, createTestEngine, type TestEngine } from './test-engine.ts'

const password = 'a long password'
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
let tributary: TestEngine
let closed: boolean

beforeEach(async () => {
  closed = false
  tributary = await createTestEngine({ plugins })
})

afterEach(() => (closed ? undefined : tributary.close()))

const browser = (cookies: string[] = []) =>
  new Headers({ cookie: cookies.map((line) => line.split(';')[0]).join('; ') })

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => base32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
}

/** Makes one of everything that is a secret, and gives them by name. */
async function makeSecrets(): Promise<Record<string, string>> {
  const { engine, lab, keys, clock } = tributary
  const root = await tributary.addUser('root@example.org', 'admin')
  const { link } = await engine.admin.invite(root.user.id, { role: 'user' })
  const account = { name: 'Ada', email: 'ada@example.org', password }
  const session = await engine.accounts.signUp(link.split('/').at(-1) ?? '', account, browser())
  const ada = (await engine.accounts.identify(browser(session))) as SignedIn
  const { token } = await engine.accounts.tokens.create(ada.user.id, { name: 'x', scopes: ['read'], days: 1 })
  const { secret } = await engine.accounts.secondStep.begin(ada, password)
  const code = codeOf(fromBase32(secret), spanOf(clock.now()))
  const [backup = ''] = await engine.accounts.secondStep.confirm(ada, code)
  const pending = await engine.accounts.signIn({ email: account.email, password }, browser())
  const address = await engine.plugins.startAuthorization(ada, 'fitbit')
  await engine.plugins.finishAuthorization(ada, 'fitbit', await consent(address))
  const response = await fetch(`${lab.url}/issued/fitbit`)
  const { issued } = (await response.json()) as { issued: { kind: string; value: string }[] }
  return {
    password,
    invitation: link,
    'session cookie': session.find((line) => line.includes('session_token')) ?? '',
    'cookie before the second step': pending.cookies[0] ?? '',
    'API token': token,
    'secret of the second step': secret,
    'backup code': backup,
    state: address.searchParams.get('state') ?? '',
    'code verifier': OAuth2Helper.createCodeVerifier(),
    key: Buffer.from(keys, 'base64').toString('hex'),
    'client secret': lab.lab.client('fitbit').clientSecret,
    'API key': lab.lab.apiKey('wakatime') ?? '',
    'sign-in link': engine.accounts.createSignInLink(account),
    ...Object.fromEntries(issued.map(({ kind, value }) => [kind, value])),
  }
}

test('every secret that is made while tests run is a canary', async () => {
  const secrets = await makeSecrets()
  expect(Object.keys(secrets)).toEqual(expect.arrayContaining(['code', 'access_token', 'refresh_token']))
  const unknown = (form: (text: string) => string | Buffer) =>
    Object.entries(secrets).filter(([, secret]) => findCanary(form(secret)) === undefined)
  expect(unknown((text) => text)).toEqual([])
  // In bytes a backup code is looked for as it is kept, without the dashes by which people read it.
  expect(unknown((text) => Buffer.from(text.replaceAll('-', '')))).toEqual([])
})

const token = `trib_${randomBytes(32).toString('base64url')}`
const bytes = randomBytes(32)

test.each<[string, string, unknown]>([
  ['a text', 'text', `Bearer ${token}`],
  ['a list', 'text[]', ['x', token]],
  ['JSON', 'jsonb', JSON.stringify({ a: [{ token }] })],
  ['bytes', 'bytea', Buffer.from(token)],
  ['raw bytes', 'bytea', Buffer.concat([Buffer.from('x'), bytes])],
  ['hex', 'text', bytes.toString('hex')],
  ['the hex of a text', 'text', Buffer.from(token).toString('hex')],
  ['base64 of other bytes', 'text', bytes.toString('base64')],
  ['base64 in which it begins anywhere', 'text', Buffer.from(`{"x":"${token}"}`).toString('base64')],
  ['a password', 'text', 'it is: a long password!'],
])(
  'a secret that stands in a database as %s fails the test that the database is of',
  async (_, type, value) => {
    const database = await createTestDatabase()
    await database.query(`create table tributary.notes (id integer, note ${type})`)
    await database.query(`insert into tributary.notes values (1, $1)`, [value])
    await expect(database.drop()).rejects.toThrow('tributary.notes.note')
  },
)

test('a secret that stands in the log fails the test that the engine is of', async () => {
  const where = { requestId: 'x', method: 'GET', route: null }
  tributary.engine.noteError(new Error('refused: a long password'), where)
  closed = true
  await expect(tributary.close()).rejects.toThrow('refused: a long password')
})
