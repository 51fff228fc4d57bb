import { redirect, type RequestEvent } from '@sveltejs/kit'
import type { SignedIn } from '@tributary/engine'
import { problem } from './problem.ts'

/** Who asks an API route; throws `Problem` 401. */
export async function requireSignedIn({ locals }: RequestEvent): Promise<SignedIn> {
  const signedIn = await locals.identify()
  if (!signedIn) throw problem(401, 'signed-out', 'You are signed out. Sign in and try again.')
  return signedIn
}

/** Who opens a page; sends to the sign-in page and back where it is nobody. */
export async function requireVisitor({ locals, url }: RequestEvent): Promise<SignedIn> {
  const signedIn = await locals.identify()
  if (!signedIn) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`)
  return signedIn
}
