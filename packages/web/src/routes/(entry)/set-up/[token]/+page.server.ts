import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit'
import { checkNewAccount, explainRefusal } from '#lib/account/check-new-account.ts'
import { browserHeaders } from '#lib/server/browser-headers.ts'
import { engine } from '#lib/server/engine.ts'
import { isProblem } from '#lib/server/problem.ts'
import { readForm } from '#lib/server/read-form.ts'

export const load = async (event) => ({ link: await readLink(event, event.params.token) })

export const actions = {
  default: async (event) => {
    const link = await readLink(event, event.params.token)
    const form = await readForm(event.request)
    const { account, faults } = checkNewAccount({
      name: String(form.get('name') ?? ''),
      email: link.email ?? String(form.get('email') ?? ''),
      password: String(form.get('password') ?? ''),
      timeZone: String(form.get('timeZone') ?? ''),
    })
    const { name, email } = account
    if (Object.keys(faults).length > 0) return fail(400, { name, email, faults })

    try {
      const cookies = await engine().accounts.signUp(event.params.token, account, browserHeaders(event))
      event.locals.setCookies.push(...cookies)
    } catch (reason) {
      if (!isProblem(reason)) throw reason
      return fail(reason.status, { name, email, faults: explainRefusal(reason) })
    }
    redirect(303, '/settings/plugins')
  },
}

async function readLink(event: RequestEvent, token: string) {
  const link = await engine().accounts.readSignUpLink(token, browserHeaders(event))
  if (!link) error(410, 'This link was used already, or it is too old.')
  return link
}
