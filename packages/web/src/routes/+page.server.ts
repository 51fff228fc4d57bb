import { redirect } from '@sveltejs/kit'
import { requireVisitor } from '#lib/server/require-signed-in.ts'

export const load = async (event) => {
  await requireVisitor(event)
  redirect(303, '/today')
}
