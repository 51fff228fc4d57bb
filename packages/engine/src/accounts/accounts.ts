import { randomBytes } from 'node:crypto'
import { audit } from '../audit/audit.ts'
import type { Accounts, NewAccount, SignedIn, User } from '../engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../problem.ts'
import { changeZone } from './change-zone.ts'
import { createAccount, knownZone } from './create-account.ts'
import { handleSignIn } from './handle-sign-in.ts'
import { rememberTokens } from './session-store.ts'
import { createSignIn } from './sign-in.ts'
import { readSignUpLink } from './sign-up-links.ts'

/** Who may come in, and by what. */
export function createAccounts(parts: Parts, publicUrl: string): Accounts {
  const { database, clock } = parts
  const signIn = createSignIn(parts, publicUrl)

  async function identify(headers: Headers): Promise<SignedIn | null> {
    const found = await signIn.api.getSession({ headers })
    if (!found) return null
    const user = await database.asSystem((db) =>
      db
        .selectFrom('users')
        .select(['id', 'name', 'email', 'role', 'time_zone as timeZone'])
        .where('id', '=', found.user.id)
        .where('disabled_at', 'is', null)
        .executeTakeFirst(),
    )
    return user ? { user: user satisfies User, sessionId: found.session.id } : null
  }

  async function signUp(token: string, account: NewAccount, headers: Headers): Promise<Response> {
    await database.asSystem(async (db) => {
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
    })
    return signIn.api.signInEmail({
      body: { email: account.email.trim().toLowerCase(), password: account.password },
      headers,
      asResponse: true,
    })
  }

  const signInLinks = new Map<
    string,
    { email: string; password: string; used?: (signedIn: SignedIn) => void }
  >()

  async function signInByLink(token: string, headers: Headers): Promise<Response | null> {
    const link = signInLinks.get(token)
    signInLinks.delete(token)
    if (!link) return null
    const { email, password } = link
    const response = await signIn.api.signInEmail({ body: { email, password }, headers, asResponse: true })
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const signedIn = await identify(new Headers({ cookie }))
    if (signedIn) link.used?.(signedIn)
    return response
  }

  return {
    identify,
    signUp,
    signInByLink,
    createSignInLink(credentials, used) {
      const token = randomBytes(32).toString('base64url')
      signInLinks.set(token, { ...credentials, ...(used ? { used } : {}) })
      return token
    },
    handle: (request) =>
      handleSignIn(
        parts,
        { answer: (asked) => rememberTokens(() => signIn.handler(asked)), identify },
        request,
      ),
    readSignUpLink: (token) => database.asSystem((db) => readSignUpLink(db, clock.now(), token)),
    async setTimeZone(userId, timeZone) {
      const zone = knownZone(timeZone)
      if (!zone) throw new Problem(422, 'unknown-time-zone', 'There is no time zone of that name.')
      await database.asUser(userId, (db) => changeZone(db, userId, zone, clock.now()))
    },
  }
}
