import type { Groups } from '@tributary/api'
import { browserHeaders } from '../browser-headers.ts'
import { engine } from '../engine.ts'
import type { Handlers } from './handler.ts'

export const authHandlers: Handlers<Groups['Signing in']> = {
  async signIn({ event, body }) {
    const { cookies, secondStep } = await engine().accounts.signIn(body, browserHeaders(event))
    event.locals.setCookies.push(...cookies)
    return { success: !secondStep, secondStep }
  },
  async enterCode({ event, body }) {
    event.locals.setCookies.push(...(await engine().accounts.enterCode(body.code, browserHeaders(event))))
    return { success: true }
  },
  async signOut({ event }) {
    event.locals.setCookies.push(...(await engine().accounts.signOut(browserHeaders(event))))
    return { success: true }
  },
}
