import { fail, redirect } from '@sveltejs/kit'
import { nextPath } from '#lib/next-path.ts'
import { browserHeaders } from '#lib/server/browser-headers.ts'
import { engine } from '#lib/server/engine.ts'
import { isProblem } from '#lib/server/problem.ts'
import { readForm } from '#lib/server/read-form.ts'

export const load = async ({ locals, url }) => {
  if (await locals.identify()) redirect(303, nextPath(url.searchParams.get('next')))
}

export const actions = {
  default: async (event) => {
    const form = await readForm(event.request)
    const email = String(form.get('email') ?? '').trim()
    const password = String(form.get('password') ?? '')
    if (email === '' || password === '') {
      return fail(400, { email, message: 'Enter your e-mail address and your password.' })
    }
    const next = nextPath(event.url.searchParams.get('next'))
    let secondStep: boolean
    try {
      const signedIn = await engine().accounts.signIn({ email, password }, browserHeaders(event))
      event.locals.setCookies.push(...signedIn.cookies)
      secondStep = signedIn.secondStep
    } catch (reason) {
      if (!isProblem(reason)) throw reason
      return fail(reason.status, { email, message: reason.message })
    }
    redirect(303, secondStep ? `/sign-in/code?${new URLSearchParams({ next })}` : next)
  },
}
