import { fail, redirect } from '@sveltejs/kit'
import { nextPath } from '#lib/next-path.ts'
import { forwardAuth } from '#lib/server/forward-auth.ts'

export const load = async ({ locals, url }) => {
  if (await locals.identify()) redirect(303, nextPath(url.searchParams.get('next')))
}

export const actions = {
  default: async (event) => {
    const form = await event.request.formData()
    const email = String(form.get('email') ?? '').trim()
    const password = String(form.get('password') ?? '')
    if (email === '' || password === '') {
      return fail(400, { email, message: 'Enter your e-mail address and your password.' })
    }
    const response = await forwardAuth(event, '/api/auth/sign-in/email', { email, password })
    if (!response.ok) return fail(response.status, { email, message: explain(response.status) })
    redirect(303, nextPath(event.url.searchParams.get('next')))
  },
}

function explain(status: number): string {
  if (status === 429) return 'Too many tries. Wait a minute, then try again.'
  if (status >= 500) return 'Signing in does not work right now. Try again in a moment.'
  return 'The e-mail address or the password is wrong. Check both and try again.'
}
