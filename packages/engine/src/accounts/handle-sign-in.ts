import { z } from 'zod'
import { audit } from '../audit/audit.ts'
import type { SignedIn } from '../engine.ts'
import type { Parts } from '../parts.ts'

interface Door {
  /** The sign-in library. */
  answer(request: Request): Promise<Response>
  identify(headers: Headers): Promise<SignedIn | null>
}

/** Answers the sign-in library's routes: what the audit log tells is written here, and no answer gives a session's token away. */
export async function handleSignIn(
  { database }: Pick<Parts, 'database'>,
  { answer, identify }: Door,
  request: Request,
): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname.endsWith('/sign-out')) {
    const signedIn = await identify(request.headers)
    if (signedIn) await endSession({ database }, signedIn)
    return answer(request)
  }
  if (!pathname.endsWith('/sign-in/email')) return withoutToken(await answer(request))
  const typed = request.clone()
  const response = await answer(request)
  if (response.status === 401) await noteRefusal({ database }, await readEmail(typed))
  return withoutToken(response)
}

async function endSession({ database }: Pick<Parts, 'database'>, { user, sessionId }: SignedIn) {
  await database.asSystem(async (db) => {
    await db.deleteFrom('sessions').where('id', '=', sessionId).execute()
    await audit(db, { action: 'session.signed-out', actor: user.id })
  })
}

/** Names the user who was meant. What was typed is not kept: some type their password there. */
async function noteRefusal({ database }: Pick<Parts, 'database'>, email: string | undefined): Promise<void> {
  await database.asSystem(async (db) => {
    const meant = email
      ? await db
          .selectFrom('users')
          .select('id')
          .where('email', '=', email.trim().toLowerCase())
          .executeTakeFirst()
      : undefined
    await audit(db, {
      action: 'session.refused',
      actor: null,
      subject: meant?.id ?? null,
      details: { account: meant ? 'known' : 'unknown' },
    })
  })
}

async function readEmail(request: Request): Promise<string | undefined> {
  const body: unknown = await request.json().catch(() => undefined)
  return z.object({ email: z.string() }).safeParse(body).data?.email
}

/** The token stays in its cookie, which no script reads. */
async function withoutToken(response: Response): Promise<Response> {
  if (!response.headers.get('content-type')?.startsWith('application/json')) return response
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  const text = await response.text()
  const body =
    text && JSON.stringify(JSON.parse(text, (key, value: unknown) => (key === 'token' ? undefined : value)))
  return new Response(body, { status: response.status, headers })
}
