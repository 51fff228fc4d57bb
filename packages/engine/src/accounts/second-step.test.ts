import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../database/database.ts'
import type { SignedIn } from '../contract/engine.ts'
import { parseKeyRing } from '../secrets/key-ring.ts'
import { reEncrypt } from '../secrets/re-encrypt.ts'
import { Sealer } from '../secrets/sealer.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { codeOf, spanOf, toBase32 } from './time-codes.ts'

let tributary: TestEngine
let rootId: string
let ada: SignedIn
let secret: Buffer
let backup: string[]
const credentials = { email: 'ada@example.org', password: 'a long password' }

beforeEach(async () => {
  tributary = await createTestEngine({ plugins: [] })
  const root = await tributary.addUser('root@example.org', 'admin')
  rootId = root.user.id
  const { link } = await tributary.engine.admin.invite(root.user.id, { role: 'user' })
  const token = link.split('/').at(-1) ?? ''
  const cookies = await accounts().signUp(token, { name: 'Ada', ...credentials }, new Headers())
  const signedIn = await accounts().identify(browser(cookies))
  if (!signedIn) throw new Error('not signed in')
  ada = signedIn
  const begun = await accounts().secondStep.begin(ada, credentials.password)
  secret = fromBase32(begun.secret)
  backup = await accounts().secondStep.confirm(ada, code())
  tributary.clock.add({ seconds: 30 })
})

afterEach(() => tributary.close())

const accounts = () => tributary.engine.accounts
const code = (spans = 0) => codeOf(secret, spanOf(tributary.clock.now()) + spans)

function browser(cookies: string[] = []): Headers {
  const cookie = cookies.map((line) => line.split(';')[0]).join('; ')
  return new Headers({ cookie, 'x-client-address': '203.0.113.1' })
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
}

/** Gives the password, and the headers of the browser that has. */
async function givePassword(): Promise<Headers> {
  const { cookies, secondStep } = await accounts().signIn(credentials, browser())
  expect(secondStep).toBe(true)
  expect(cookies.join()).not.toContain('session_token')
  return browser(cookies)
}

const refused = (work: Promise<unknown>, code = 'wrong-code') => expect(work).rejects.toMatchObject({ code })

test('the password alone signs nobody in; the code of the app does, once', async () => {
  const headers = await givePassword()
  expect(await accounts().identify(headers)).toBeNull()
  await refused(accounts().enterCode('000000', headers))
  const used = code()
  const cookies = await accounts().enterCode(` ${used.slice(0, 3)} ${used.slice(3)} `, headers)
  expect(await accounts().identify(browser(cookies))).toMatchObject({ user: ada.user })
  const again = await givePassword()
  await refused(accounts().enterCode(used, again))
  await refused(accounts().enterCode(code(-1), again))
  expect(await accounts().enterCode(code(1), again)).not.toEqual([])
})

test('of two who send the same code at the same moment one is signed in', async () => {
  const [one, other] = [await givePassword(), await givePassword()]
  const outcomes = await Promise.allSettled(
    [one, other].map((headers) => accounts().enterCode(code(), headers)),
  )
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('the code that turned it on is not taken again', async () => {
  tributary.clock.add({ seconds: -30 })
  await refused(accounts().enterCode(code(), await givePassword()))
})

test('each of ten backup codes is good once, however it is typed', async () => {
  expect(backup).toHaveLength(10)
  expect(new Set(backup).size).toBe(10)
  const [first = '', second = ''] = backup
  expect(first).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/)
  expect(await accounts().enterCode(first, await givePassword())).not.toEqual([])
  await refused(accounts().enterCode(first, await givePassword()))
  expect(
    await accounts().enterCode(second.replaceAll('-', ' ').toUpperCase(), await givePassword()),
  ).not.toEqual([])
  expect(await accounts().secondStep.read(ada.user.id)).toEqual({ on: true, backupCodes: 8 })
})

test('codes are guessed ever more slowly', async () => {
  const headers = await givePassword()
  for (let guess = 0; guess < 6; guess += 1) await refused(accounts().enterCode(`00000${guess}`, headers))
  await refused(accounts().enterCode(code(), headers), 'too-many-attempts')
  await refused(accounts().enterCode(code(), await givePassword()), 'too-many-attempts')
  tributary.clock.add({ seconds: 5 })
  expect(await accounts().enterCode(code(), headers)).not.toEqual([])
})

test('who waits over ten minutes gives the password again, and a cookie of nobody is nobody', async () => {
  const headers = await givePassword()
  await refused(accounts().enterCode(code(), browser()), 'sign-in-again')
  await refused(accounts().enterCode(code(), browser(['tributary.second_step=forged'])), 'sign-in-again')
  tributary.clock.add({ minutes: 10 })
  await refused(accounts().enterCode(code(), headers), 'sign-in-again')
})

test('the database holds neither the secret nor a backup code', async () => {
  const rows = await tributary.database.query<{ row: string }>(
    `select s::text || encode(secret, 'escape') as row from tributary.second_steps s
     union all select b::text from tributary.backup_codes b`,
  )
  const text = JSON.stringify(rows)
  expect(rows).toHaveLength(11)
  const forms = [secret.toString('hex'), secret.toString('base64'), toBase32(secret)]
  for (const form of [...forms, ...backup, ...backup.map((one) => one.replaceAll('-', ''))])
    expect(text).not.toContain(form)
})

test('it stands a change of keys, without the key that sealed it', async () => {
  const young = randomBytes(32).toString('base64')
  const changing = parseKeyRing(`${young},${tributary.keys}`)
  const both = await createTestEngine({ plugins: [], beside: tributary, keyRing: changing })
  await both.close()
  const database = openDatabase({ url: tributary.database.url })
  expect(await reEncrypt(database, new Sealer(changing))).toBeGreaterThan(0)
  await database.close()
  const after = await createTestEngine({ plugins: [], beside: tributary, keyRing: parseKeyRing(young) })
  const enter = async (typed: string) => {
    const { cookies } = await after.engine.accounts.signIn(credentials, browser())
    return after.engine.accounts.enterCode(typed, browser(cookies))
  }
  expect(await enter(code())).not.toEqual([])
  expect(await enter(backup[0] ?? '')).not.toEqual([])
  await after.close()
})

test('who gave the old password has to give the new one when it was changed meanwhile', async () => {
  const headers = await givePassword()
  const passwords = { current: credentials.password, wanted: 'another long password' }
  await accounts().changePassword(ada, passwords, browser())
  await refused(accounts().enterCode(code(), headers), 'sign-in-again')
})

test('a user who is disabled between password and code is not signed in', async () => {
  const headers = await givePassword()
  await tributary.database.query('update tributary.users set disabled_at = now() where id = $1', [
    ada.user.id,
  ])
  await refused(accounts().enterCode(code(), headers), 'sign-in-again')
  expect(
    await tributary.database.query('select from tributary.sessions where user_id = $1', [ada.user.id]),
  ).toHaveLength(1)
})

test('an admin takes it from who lost it: sessions and backup codes end, and the password alone signs in', async () => {
  const { admin } = tributary.engine
  const reset = (id: string, by = rootId) => admin.resetSecondStep(by, id)
  await expect(reset(ada.user.id, ada.user.id)).rejects.toMatchObject({ status: 403 })
  await refused(reset(rootId), 'own-second-step')
  const headers = await givePassword()
  const shown = await admin.users(rootId)
  expect(shown.map(({ email, secondStep }) => [email, secondStep])).toEqual([
    ['root@example.org', false],
    ['ada@example.org', true],
  ])
  await reset(ada.user.id)
  expect(await accounts().secondStep.read(ada.user.id)).toEqual({ on: false, backupCodes: 0 })
  const left = await tributary.database.query('select 1 from tributary.sessions where user_id = $1', [
    ada.user.id,
  ])
  expect(left).toEqual([])
  await refused(accounts().enterCode(code(), headers), 'sign-in-again')
  const { cookies, secondStep } = await accounts().signIn(credentials, browser())
  expect(secondStep).toBe(false)
  expect(await accounts().identify(browser(cookies))).toMatchObject({ user: ada.user })
  const { entries } = await admin.audit(rootId, { action: 'second-step.reset' })
  expect(entries).toMatchObject([{ actor: { id: rootId }, subject: { id: ada.user.id } }])
  await refused(reset(ada.user.id), 'no-second-step')
  await refused(reset(ada.sessionId), 'unknown-user')
  await refused(reset('none'), 'unknown-user')
})

test('it is turned on, made again and turned off with the password alone', async () => {
  const { secondStep } = accounts()
  await refused(secondStep.begin(ada, 'not the password'), 'wrong-password')
  await refused(secondStep.begin(ada, credentials.password), 'second-step-on')
  await refused(secondStep.turnOff(ada, 'not the password'), 'wrong-password')
  await secondStep.turnOff(ada, credentials.password)
  expect(await secondStep.read(ada.user.id)).toEqual({ on: false, backupCodes: 0 })
  expect((await accounts().signIn(credentials, browser())).secondStep).toBe(false)
  await secondStep.begin(ada, credentials.password)
  // It counts when a code has shown that the app has the secret.
  await refused(secondStep.confirm(ada, '000000'))
  expect((await accounts().signIn(credentials, browser())).secondStep).toBe(false)
})
