import { error, fail, redirect } from '@sveltejs/kit'
import { checkNewAccount, explainRefusal } from '#lib/account/check-new-account.ts'
import { readAuthError } from '#lib/server/describe-auth-error.ts'
import { engine } from '#lib/server/engine.ts'
import { browserHeaders, passCookies } from '#lib/server/forward-auth.ts'
import { isProblem } from '#lib/server/problem.ts'

export const load = async ({ params }) => ({ link: await readLink(params.token) })

export const actions = {
  default: async (event) => {
    const link = await readLink(event.params.token)
    const form = await event.request.formData()
    const { account, faults } = checkNewAccount({
      name: String(form.get('name') ?? ''),
      email: link.email ?? String(form.get('email') ?? ''),
      password: String(form.get('password') ?? ''),
      timeZone: String(form.get('timeZone') ?? ''),
    })
    const { name, email } = account
    if (Object.keys(faults).length > 0) return fail(400, { name, email, faults })

    try {
      const { accounts, publicUrl } = engine()
      const headers = browserHeaders(event, publicUrl)
      const response = await accounts.signUp(event.params.token, account, headers)
      if (!response.ok)
        return fail(response.status, { name, email, faults: explainRefusal(await readAuthError(response)) })
      passCookies(event, response)
    } catch (reason) {
      if (!isProblem(reason)) throw reason
      return fail(reason.status, { name, email, faults: explainRefusal(reason) })
    }
    redirect(303, '/settings/plugins')
  },
}

async function readLink(token: string) {
  const link = await engine().accounts.readSignUpLink(token)
  if (!link) error(410, 'This link was used already, or it is too old.')
  return link
}
