import type { Groups } from '@tributary/api'
import { browserHeaders } from '../browser-headers.ts'
import { engine } from '../engine.ts'
import { exportAccount } from '../export-account.ts'
import type { Handlers } from './handler.ts'

export const accountHandlers: Handlers<Groups['Account']> = {
  async changeAccount({ user, body }) {
    return { user: { ...user, timeZone: await engine().accounts.setTimeZone(user.id, body.timeZone) } }
  },
  async deleteAccount({ event, user, sessionId, body }) {
    const { accounts } = engine()
    const notices = await accounts.remove({ user, sessionId }, body.password)
    event.locals.setCookies.push(...(await accounts.signOut(browserHeaders(event))))
    return { success: true, notices }
  },
  exportAccount: ({ event, user }) => exportAccount(event, user),
  async changePassword({ event, user, sessionId, body }) {
    const cookies = await engine().accounts.changePassword({ user, sessionId }, body, browserHeaders(event))
    event.locals.setCookies.push(...cookies)
    return { success: true }
  },
  readSecondStep: ({ user }) => engine().accounts.secondStep.read(user.id),
  beginSecondStep: ({ user, sessionId, body }) =>
    engine().accounts.secondStep.begin({ user, sessionId }, body.password),
  async confirmSecondStep({ user, sessionId, body }) {
    return { codes: await engine().accounts.secondStep.confirm({ user, sessionId }, body.code) }
  },
  async endSecondStep({ user, sessionId, body }) {
    await engine().accounts.secondStep.turnOff({ user, sessionId }, body.password)
    return { success: true }
  },
  async listSessions({ user, sessionId }) {
    return { sessions: await engine().accounts.sessions.list({ user, sessionId }) }
  },
  async endOtherSessions({ user, sessionId }) {
    await engine().accounts.sessions.revokeOthers({ user, sessionId })
    return { success: true }
  },
  async endSession({ user, sessionId, params }) {
    await engine().accounts.sessions.revoke({ user, sessionId }, params.id)
    return { success: true }
  },
  async listTokens({ user }) {
    return { tokens: await engine().accounts.tokens.list(user.id) }
  },
  createToken: ({ user, body }) => engine().accounts.tokens.create(user.id, body),
  async revokeToken({ user, params }) {
    await engine().accounts.tokens.revoke(user.id, params.id)
    return { success: true }
  },
}
