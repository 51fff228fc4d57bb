import { randomBytes } from 'node:crypto'
import { audit } from '../audit/audit.ts'
import { patient, type Transaction } from '../database/database.ts'
import type { Accounts, NewAccount, SignedIn, User } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { createApiTokens } from './api-tokens.ts'
import { addressOf, createAttempts, type Subject } from './attempts.ts'
import { changePassword } from './change-password.ts'
import { changeZone } from './change-zone.ts'
import { checkPassword } from './check-password.ts'
import { confirmPassword } from './confirm-password.ts'
import { createAccount } from './create-account.ts'
import { deleteAccount } from './delete-account.ts'
import { exportAccount } from './export-account.ts'
import { createKnownBrowsers } from './known-browser.ts'
import { recordRefusal } from './note-refusal.ts'
import { admitAttempt } from './password-queue.ts'
import { createPendingSignIns } from './pending-sign-ins.ts'
import { createSecondSteps } from './second-step.ts'
import { createSessions } from './sessions.ts'
import { createSignIn, sessionAge } from './sign-in.ts'
import { readSignUpLink } from './sign-up-links.ts'
import { findZone, listZones } from './time-zones.ts'
import { lockInstallation } from '../database/locks.ts'

/** Who may come in, and by what. */
export function createAccounts(parts: Parts, publicUrl: string): Accounts {
  const { database, clock, registry } = parts
  const library = createSignIn(parts, publicUrl)
  const attempts = createAttempts(parts)
  const secure = publicUrl.startsWith('https:')
  const browsers = createKnownBrowsers(parts, { secure })
  const pending = createPendingSignIns(parts, { secure })
  const secondSteps = createSecondSteps(parts, attempts)
  const sessions = createSessions(parts)

  async function identify(headers: Headers, setCookie?: (line: string) => void): Promise<SignedIn | null> {
    const { response: found, headers: answered } = await library.api.getSession({
      headers,
      returnHeaders: true,
    })
    if (!found || found.user.disabledAt) return null
    const { id, name, email, role, timeZone } = found.user
    const user: User = { id, name, email, role: role === 'admin' ? role : 'user', timeZone }
    const signedIn: SignedIn = { user, sessionId: found.session.id }
    if (clock.now().epochMilliseconds >= found.session.createdAt.getTime() + sessionAge.most * 1000) {
      await database.asSystem((db) => db.deleteFrom('sessions').where('id', '=', found.session.id).execute())
      return null
    }
    for (const line of answered.getSetCookie()) setCookie?.(line)
    return signedIn
  }

  async function open(userId: string, headers: Headers): Promise<string[]> {
    const { headers: answered } = await library.api.openSession({
      body: { userId },
      headers,
      returnHeaders: true,
    })
    return answered.getSetCookie()
  }

  /** What an attempt to get into an account counts on. */
  function subjectsOf(kind: 'account' | 'code', name: string, email: string, headers: Headers): Subject[] {
    const browser = browsers.find(headers, email)
    return browser ? [browser] : [{ kind, name, of: name }, addressOf(headers)]
  }

  async function signIn(credentials: { email: string; password: string }, headers: Headers) {
    const email = credentials.email.trim().toLowerCase()
    const subjects = subjectsOf('account', email, email, headers)
    const user = await admitAttempt(() =>
      attempts.make(subjects, () => checkPassword(database, email, credentials.password)),
    )
    if (!user || user.disabled) await recordRefusal(database, email)
    if (!user)
      throw new Problem(
        401,
        'wrong-password',
        'The e-mail address or the password is wrong. Check both and try again.',
      )
    if (user.disabled) throw new Problem(403, 'disabled', 'This account is disabled. Ask an admin.')
    if (user.secondStep) return { cookies: [await pending.begin(user.id)], secondStep: true }
    return { cookies: await openMarked(user.id, email, headers), secondStep: false }
  }

  async function enterCode(code: string, headers: Headers): Promise<string[]> {
    const user = await pending.find(headers)
    if (!user) throw new Problem(401, 'sign-in-again', 'That took too long. Enter your password again.')
    const subjects = subjectsOf('code', user.id, user.email, headers)
    if (!(await attempts.make(subjects, () => secondSteps.use(user.id, code)))) {
      await recordRefusal(database, user.email, 'code')
      throw new Problem(401, 'wrong-code', 'This code is wrong or was used already. Try the next one.')
    }
    return [await pending.end(user.id), ...(await openMarked(user.id, user.email, headers))]
  }

  /** Opens a session in a browser that knows the account from now on. */
  async function openMarked(userId: string, email: string, headers: Headers): Promise<string[]> {
    const known = browsers.find(headers, email) !== undefined
    return [...(await open(userId, headers)), ...(known ? [] : [browsers.mark(email)])]
  }

  async function signUp(token: string, account: NewAccount, headers: Headers): Promise<string[]> {
    const userId = await database.asSystem(async (db) => {
      // Of two who use the links of a first start at the same moment one becomes the admin.
      await lockInstallation(db, 'first account')
      const link = await readSignUpLink(db, clock.now(), token, true)
      if (!link)
        throw new Problem(410, 'link-used', 'This link was used already or has expired; ask for a new one.')
      if (link.email !== null && link.email !== account.email.trim().toLowerCase()) {
        throw new Problem(422, 'bad-email', `This invitation is for ${link.email}.`)
      }
      const first = !(await db.selectFrom('users').select('id').limit(1).executeTakeFirst())
      const id = await createAccount(db, account, link.role)
      await audit(db, { action: 'account.created', actor: id, details: { role: link.role } })
      // Each process that started on the empty database printed a link; the first that is used ends the others.
      if (first) await db.deleteFrom('sign_up_links').execute()
      return id
    })
    return openMarked(userId, account.email.trim().toLowerCase(), headers)
  }

  async function endSession({ user, sessionId }: SignedIn): Promise<void> {
    await database.asSystem(async (db) => {
      const ended = await db
        .deleteFrom('sessions')
        .where('id', '=', sessionId)
        .returning('id')
        .executeTakeFirst()
      if (ended) await audit(db, { action: 'session.signed-out', actor: user.id })
    })
  }

  const signInLinks = new Map<string, { email: string; used?: (signedIn: SignedIn) => void }>()

  async function signInByLink(token: string, headers: Headers): Promise<string[] | null> {
    const link = signInLinks.get(token)
    signInLinks.delete(token)
    if (!link) return null
    const user = await database.asSystem((db) =>
      db
        .selectFrom('users')
        .select('id')
        .where('email', '=', link.email)
        .where('disabled_at', 'is', null)
        .executeTakeFirst(),
    )
    if (!user) return null
    const cookies = await open(user.id, headers)
    const cookie = cookies.map((line) => line.split(';')[0]).join('; ')
    const signedIn = await identify(new Headers({ cookie }))
    if (signedIn) link.used?.(signedIn)
    return cookies
  }

  return {
    identify,
    signIn,
    enterCode,
    secondStep: secondSteps,
    signUp,
    signInByLink,
    sessions,
    tokens: createApiTokens(parts, attempts),
    createSignInLink({ email }, used) {
      const token = randomBytes(32).toString('base64url')
      signInLinks.set(token, { email, ...(used ? { used } : {}) })
      return token
    },
    async signOut(headers) {
      const signedIn = await identify(headers)
      if (signedIn) await endSession(signedIn)
      const { headers: answered } = await library.api.signOut({ headers, returnHeaders: true })
      return answered.getSetCookie()
    },
    async changePassword(signedIn, passwords, headers) {
      await changePassword(parts, attempts, signedIn, passwords)
      return open(signedIn.user.id, headers)
    },
    async readSignUpLink(token, headers) {
      const link = await database.asSystem((db) => readSignUpLink(db, clock.now(), token))
      if (!link) await attempts.fail([addressOf(headers)])
      return link
    },
    export: (userId, write) => exportAccount({ ...parts, database: patient(database) }, userId, write),
    async remove(signedIn, password) {
      await confirmPassword(database, attempts, signedIn, password)
      return deleteAccount(parts, signedIn.user.id, signedIn.user.id)
    },
    setTimeZone(userId, timeZone) {
      const work = async (db: Transaction) => {
        const zone = await findZone(db, timeZone)
        if (!zone) throw new Problem(422, 'unknown-time-zone', 'There is no time zone of that name.')
        await changeZone(db, registry, userId, zone, clock.now())
        return zone
      }
      return database.asUser(userId, work, { long: true })
    },
    timeZones: () => database.asSystem(listZones),
  }
}
