import { redirect } from '@sveltejs/kit'
import { forwardAuth } from '#lib/server/forward-auth.ts'

export const POST = async (event) => {
  await forwardAuth(event, '/api/auth/sign-out', {})
  redirect(303, '/sign-in')
}
