import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
const password = 'a long password'

beforeEach(async () => {
  // Sessions are made by the real clock, rounded as the database would.
  tributary = await createTestEngine({
    plugins: [],
    now: Temporal.Now.instant().round('millisecond').toString(),
  })
})

afterEach(() => tributary.close())

const accounts = () => tributary.engine.accounts

async function signUp(email: string): Promise<string[]> {
  const admin = await tributary.addUser(`invites-${email}`, 'admin')
  const { link } = await tributary.engine.admin.invite(admin.user.id, { role: 'user' })
  return accounts().signUp(link.split('/').at(-1) ?? '', { name: 'Ada', email, password }, new Headers())
}

/** The headers of a browser that keeps cookies, at an address. */
function browser(cookies: string[] = [], address = '203.0.113.1', userAgent = 'a browser'): Headers {
  const cookie = cookies.map((line) => line.split(';')[0]).join('; ')
  return new Headers({ cookie, 'x-client-address': address, 'user-agent': userAgent })
}

const signIn = async (email: string, headers = browser(), secret = password) =>
  (await accounts().signIn({ email, password: secret }, headers)).cookies

async function refusal(
  work: Promise<unknown>,
): Promise<{ status: number; code: string; message: string; retryAfter?: number }> {
  return work.then(
    () => expect.unreachable('it was not refused'),
    (error: unknown) => error as never,
  )
}

describe('a session', () => {
  test('is new at each sign-in, and the one that the browser had ends', async () => {
    const first = await signUp('ada@example.org')
    const second = await signIn('ada@example.org', browser(first))
    expect(second[0]).not.toBe(first[0])
    expect(await accounts().identify(browser(first))).toBeNull()
    expect(await accounts().identify(browser(second))).not.toBeNull()
  })

  test('says who its user is now, and is nobody’s while they are disabled', async () => {
    const cookies = await signUp('ada@example.org')
    const ada = { name: 'Ada', email: 'ada@example.org', timeZone: expect.any(String) }
    expect(await accounts().identify(browser(cookies))).toMatchObject({ user: { ...ada, role: 'user' } })
    const change = (set: string) =>
      tributary.database.query(`update tributary.users set ${set} where email = 'ada@example.org'`)
    await change(`role = 'admin', time_zone = 'Asia/Kathmandu', disabled_at = now()`)
    expect(await accounts().identify(browser(cookies))).toBeNull()
    await change('disabled_at = null')
    expect(await accounts().identify(browser(cookies))).toMatchObject({
      user: { ...ada, role: 'admin', timeZone: 'Asia/Kathmandu' },
    })
  })

  test('is listed with its device, and ended alone or with all others', async () => {
    const first = await signUp('ada@example.org')
    const second = await signIn('ada@example.org', browser([], '203.0.113.2', 'a phone'))
    const third = await signIn('ada@example.org', browser([], '203.0.113.3', 'a tablet'))
    const here = await accounts().identify(browser(third))
    if (!here) throw new Error('signed out')
    const listed = await accounts().sessions.list(here)
    expect(listed).toHaveLength(3)
    expect(listed).toContainEqual(
      expect.objectContaining({ address: '203.0.113.2', userAgent: 'a phone', current: false }),
    )
    expect(listed.filter(({ current }) => current)).toEqual([
      expect.objectContaining({ userAgent: 'a tablet' }),
    ])
    await accounts().sessions.revoke(here, listed.find(({ userAgent }) => userAgent === 'a phone')?.id ?? '')
    expect(await accounts().identify(browser(second))).toBeNull()
    expect(await accounts().identify(browser(first))).not.toBeNull()
    await accounts().sessions.revokeOthers(here)
    expect(await accounts().identify(browser(first))).toBeNull()
    expect(await accounts().identify(browser(third))).toEqual(here)
  })

  test('of another user is as unknown as one that does not exist, and stays', async () => {
    const ada = await accounts().identify(browser(await signUp('ada@example.org')))
    const bens = await signUp('ben@example.org')
    const ben = await accounts().identify(browser(bens))
    if (!ada || !ben) throw new Error('signed out')
    for (const id of [ben.sessionId, crypto.randomUUID(), 'none'])
      await expect(accounts().sessions.revoke(ada, id)).rejects.toMatchObject({
        status: 404,
        code: 'unknown-session',
      })
    expect((await accounts().sessions.list(ada)).map(({ id }) => id)).not.toContain(ben.sessionId)
    expect(await accounts().identify(browser(bens))).not.toBeNull()
  })

  test('ends when it was not used for two weeks, and after three months whatever happens', async () => {
    const cookies = await signUp('ada@example.org')
    const headers = browser(cookies)
    await tributary.database.query(
      `update tributary.sessions set expires_at = now() - interval '1 second' where expires_at < 'infinity'`,
    )
    expect(await accounts().identify(headers)).toBeNull()
    const again = browser(await signIn('ada@example.org'))
    expect(await accounts().identify(again)).not.toBeNull()
    tributary.clock.add({ hours: 90 * 24, minutes: 1 })
    expect(await accounts().identify(again)).toBeNull()
    expect(
      await tributary.database.query(`select from tributary.sessions where expires_at < 'infinity'`),
    ).toEqual([])
  })

  test('that is used lasts longer, and the browser is told', async () => {
    const headers = browser(await signUp('ada@example.org'))
    const told: string[] = []
    await accounts().identify(headers, (line) => told.push(line))
    expect(told).toEqual([])
    await tributary.database.query(
      `update tributary.sessions set expires_at = expires_at - interval '1 hour' where expires_at < 'infinity'`,
    )
    await accounts().identify(headers, (line) => told.push(line))
    expect(told.join()).toMatch(/session_token=[^;]+; Max-Age=1209600;/)
  })

  test('has another id after a change of password, which ends all others', async () => {
    const first = await signUp('ada@example.org')
    const second = await signIn('ada@example.org', browser([], '203.0.113.2'))
    const here = await accounts().identify(browser(second))
    if (!here) throw new Error('signed out')
    const change = (current: string, wanted: string) =>
      accounts().changePassword(here, { current, wanted }, browser(second))
    await expect(change('not the password', 'another long password')).rejects.toMatchObject({
      code: 'wrong-password',
    })
    await expect(change(password, 'short')).rejects.toMatchObject({ code: 'bad-password' })
    const third = await change(password, 'another long password')
    expect(await accounts().identify(browser(first))).toBeNull()
    expect(await accounts().identify(browser(second))).toBeNull()
    expect(await accounts().identify(browser(third))).toMatchObject({ user: here.user })
    await expect(signIn('ada@example.org')).rejects.toMatchObject({ code: 'wrong-password' })
    expect(await signIn('ada@example.org', browser(), 'another long password')).not.toEqual([])
  })
})

describe('the cookie', () => {
  test.each([
    ['http://hub.example', 'tributary.session_token', false],
    ['https://hub.example', '__Host-tributary.session_token', true],
  ])('at %s is %s', async (publicUrl, name, secure) => {
    const other = await createTestEngine({ plugins: [], environment: { PUBLIC_URL: publicUrl } })
    try {
      const admin = await other.addUser('root@example.org', 'admin')
      const { link } = await other.engine.admin.invite(admin.user.id, { role: 'user' })
      const account = { name: 'Ada', email: 'ada@example.org', password }
      const cookies = await other.engine.accounts.signUp(link.split('/').at(-1) ?? '', account, new Headers())
      expect(cookies.map((line) => line.split('=')[0])).toEqual([
        name,
        name.replace('session_token', 'browser'),
      ])
      for (const line of cookies) {
        expect(line).toMatch(/; HttpOnly/)
        expect(line).toMatch(/; SameSite=Lax/)
        expect(line).toMatch(/; Path=\/;/)
        expect(line).not.toMatch(/Domain/)
        expect(/; Secure/.test(line)).toBe(secure)
      }
      expect(await other.engine.accounts.identify(browser(cookies))).not.toBeNull()
    } finally {
      await other.close()
    }
  })
})

describe('guessing', () => {
  test('is slowed down for an account, from whatever address, with words that say how long to wait', async () => {
    await signUp('ada@example.org')
    for (let guess = 0; guess < 6; guess += 1)
      expect(
        (await refusal(signIn('ada@example.org', browser([], `203.0.113.${guess}`), 'wrong'))).status,
      ).toBe(401)
    const waits: number[] = []
    for (let round = 0; round < 10; round += 1) {
      const refused = await refusal(signIn('ada@example.org', browser([], `198.51.100.${round}`), 'wrong'))
      expect(refused).toMatchObject({ status: 429, code: 'too-many-attempts' })
      expect(refused.message).toMatch(/^Too many tries\. Wait \d+ (seconds|minutes), then try again\.$/)
      waits.push(refused.retryAfter ?? 0)
      // Neither does the right password come through while one has to wait.
      expect((await refusal(signIn('ada@example.org', browser([], '192.0.2.1')))).status).toBe(429)
      tributary.clock.add({ seconds: refused.retryAfter ?? 0 })
      await refusal(signIn('ada@example.org', browser([], '192.0.2.2'), 'wrong'))
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900])
    tributary.clock.add({ seconds: 900 })
    expect(await signIn('ada@example.org')).not.toEqual([])
    expect((await refusal(signIn('ada@example.org', browser(), 'wrong'))).status).toBe(401)
  })

  test('does not keep the owner out of a browser that knows the account', async () => {
    const mark = (await signUp('ada@example.org')).filter((line) => line.includes('browser='))
    while ((await refusal(signIn('ada@example.org', browser(), 'wrong'))).status === 401);
    expect(await signIn('ada@example.org', browser(mark))).not.toEqual([])
    const forged = mark.map((line) => line.replace(/=([^.;]*)/, '=forged'))
    expect((await refusal(signIn('ada@example.org', browser(forged)))).status).toBe(429)
    expect((await refusal(signIn('ben@example.org', browser(mark), 'wrong'))).status).toBe(401)
    // The mark is no way round the limit: it has one of its own.
    while ((await refusal(signIn('ada@example.org', browser(mark), 'wrong'))).status === 401);
  })

  test('is slowed down in a browser that knows another account only', async () => {
    await signUp('ada@example.org')
    const mark = (await signUp('eve@example.org')).filter((line) => line.includes('browser='))
    while ((await refusal(signIn('ada@example.org', browser(), 'wrong'))).status === 401);
    expect((await refusal(signIn('ada@example.org', browser(mark, '198.51.100.9'), 'wrong'))).status).toBe(
      429,
    )
  })

  test('by very many at once is refused where others would wait for long, and counts as no attempt', async () => {
    await signUp('ada@example.org')
    const guesses = Array.from({ length: 120 }, (_, guess) =>
      refusal(signIn(`nobody${guess}@example.org`, browser([], `198.51.100.${guess}`), 'wrong')),
    )
    const answers = await Promise.all(guesses)
    const busy = answers.filter(({ status }) => status === 503)
    expect(busy.length).toBeGreaterThan(20)
    expect(busy[0]).toMatchObject({ code: 'busy', retryAfter: 5 })
    const counted = answers.filter(({ status }) => status === 401).length
    expect(counted).toBe(answers.length - busy.length)
    const [row] = await tributary.database.query<{ subjects: number }>(
      'select count(*)::integer as subjects from tributary.failed_attempts',
    )
    expect(row?.subjects).toBe(2 * counted)
    expect(await signIn('ada@example.org')).not.toEqual([])
  })

  test('is slowed down for an address, whatever the account; an IPv6 network counts as one', async () => {
    const guess = (account: number, address: string) =>
      refusal(signIn(`${account}@example.org`, browser([], address), 'wrong'))
    for (let account = 0; account < 31; account += 1)
      expect((await guess(account, `2001:db8:0:1::${account + 1}`)).status).toBe(401)
    expect((await guess(100, '2001:db8:0:1:ffff::1')).status).toBe(429)
    expect((await guess(101, '2001:db8:0:2::1')).status).toBe(401)
  })

  test('at the same moment is not quicker than one after the other', async () => {
    await signUp('ada@example.org')
    const guesses = Array.from({ length: 20 }, () => refusal(signIn('ada@example.org', browser(), 'wrong')))
    const answered = (await Promise.all(guesses)).map(({ status }) => status)
    expect(answered.filter((status) => status === 401)).toHaveLength(6)
  })

  test('holds for other processes and after a restart', async () => {
    while ((await refusal(signIn('ada@example.org', browser(), 'wrong'))).status === 401);
    const second = await createTestEngine({ plugins: [], beside: tributary })
    const again = second.engine.accounts.signIn({ email: 'ada@example.org', password: 'wrong' }, browser())
    expect((await refusal(again)).status).toBe(429)
    await second.close()
  })

  test('tells nothing about who has an account', async () => {
    await signUp('ada@example.org')
    for (let guess = 0; guess < 8; guess += 1) {
      const [known, unknown] = await Promise.all([
        refusal(signIn('ada@example.org', browser([], '203.0.113.8'), 'wrong')),
        refusal(signIn('nobody@example.org', browser([], '203.0.113.9'), 'wrong')),
      ])
      const shown = ({ status, code, message, retryAfter }: typeof known) => ({
        status,
        code,
        message,
        retryAfter,
      })
      expect(shown(known)).toEqual(shown(unknown))
    }
  })

  test('takes as long for an account that nobody has', async () => {
    await signUp('ada@example.org')
    const time = async (email: string) => {
      const start = performance.now()
      await refusal(signIn(email, browser(), 'wrong'))
      return performance.now() - start
    }
    await time('warm@example.org')
    const known: number[] = []
    const unknown: number[] = []
    for (let round = 0; round < 5; round += 1) {
      known.push(await time('ada@example.org'))
      unknown.push(await time('nobody@example.org'))
    }
    const middle = (times: number[]) => times.toSorted((one, other) => one - other)[2] ?? 0
    expect(middle(unknown) / middle(known)).toBeGreaterThan(0.5)
    expect(middle(unknown) / middle(known)).toBeLessThan(2)
  })

  test('at links and tokens is slowed down by address', async () => {
    const { signedIn } = { signedIn: await tributary.addUser('ada@example.org') }
    const { token } = await accounts().tokens.create(signedIn.user.id, {
      name: 'x',
      scopes: ['read'],
      days: 1,
    })
    for (let guess = 0; guess < 31; guess += 1)
      expect(await accounts().readSignUpLink(`guess-${guess}`, browser())).toBeNull()
    expect((await refusal(accounts().readSignUpLink('one more', browser()))).status).toBe(429)
    expect((await refusal(accounts().tokens.identify('trib_none', browser()))).status).toBe(429)
    // What is right is no guess.
    expect(await accounts().tokens.identify(token, browser())).toMatchObject({
      signedIn: { user: signedIn.user },
    })
    expect(await accounts().tokens.identify('trib_none', browser([], '192.0.2.1'))).toBeNull()
  })

  test('is forgotten after a day', async () => {
    while ((await refusal(signIn('ada@example.org', browser(), 'wrong'))).status === 401);
    tributary.clock.add({ hours: 24, seconds: 1 })
    expect((await refusal(signIn('ada@example.org', browser(), 'wrong'))).status).toBe(401)
    const rows = await tributary.database.query<{ failures: number }>(
      'select failures from tributary.failed_attempts',
    )
    expect(rows).toEqual([{ failures: 1 }, { failures: 1 }])
  })
})

describe('the first start', () => {
  const account = { name: 'Ada', email: 'ada@example.org', password }
  const become = (token: string | undefined, email: string) =>
    accounts().signUp(token ?? '', { ...account, email }, browser())

  test('gives one admin, whoever is first with whichever link, and then no link is any good', async () => {
    const links = await Promise.all([1, 2, 3].map(() => tributary.engine.beginSetUp()))
    expect(new Set(links).size).toBe(3)
    const outcomes = await Promise.allSettled(
      links.map((link, index) => become(link, `a${index}@example.org`)),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ status: 410, code: 'link-used' })
    expect(await tributary.database.query('select role from tributary.users')).toEqual([{ role: 'admin' }])
    for (const link of links) expect(await accounts().readSignUpLink(link ?? '', browser())).toBeNull()
    expect(await tributary.engine.beginSetUp()).toBeUndefined()
  })

  test('is nobody’s without its link, and the link ends after a week', async () => {
    const link = await tributary.engine.beginSetUp()
    await expect(become(`${link}x`, 'eve@example.org')).rejects.toMatchObject({ status: 410 })
    await expect(become(undefined, 'eve@example.org')).rejects.toMatchObject({ status: 410 })
    tributary.clock.add({ hours: 7 * 24 })
    await expect(become(link, 'eve@example.org')).rejects.toMatchObject({ status: 410 })
    expect(await tributary.database.query('select from tributary.users')).toEqual([])
  })

  test('a sign-up that is refused leaves the link as it was', async () => {
    const link = await tributary.engine.beginSetUp()
    await expect(become(link, 'no address')).rejects.toMatchObject({ code: 'bad-email' })
    expect(await become(link, 'ada@example.org')).not.toEqual([])
  })
})
