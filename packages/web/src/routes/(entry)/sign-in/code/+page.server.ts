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
    const code = String((await readForm(event.request)).get('code') ?? '').trim()
    if (code === '') return fail(400, { message: 'Enter the code that your app shows.' })
    try {
      event.locals.setCookies.push(...(await engine().accounts.enterCode(code, browserHeaders(event))))
    } catch (reason) {
      if (!isProblem(reason)) throw reason
      return fail(reason.status, { message: reason.message })
    }
    redirect(303, nextPath(event.url.searchParams.get('next')))
  },
}
