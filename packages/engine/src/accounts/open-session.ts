import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'

/** The sign-in library's way to begin a session for who has shown who they are; the session that the browser had ends. */
export const openSession = {
  id: 'open-session',
  endpoints: {
    openSession: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ userId: z.uuid() }) },
      async (context) => {
        const { internalAdapter, authCookies, secret } = context.context
        const user = await internalAdapter.findUserById(context.body.userId)
        if (!user) throw context.error('UNAUTHORIZED')
        const before = await context.getSignedCookie(authCookies.sessionToken.name, secret)
        const session = await internalAdapter.createSession(user.id)
        await setSessionCookie(context, { session, user })
        if (before) await internalAdapter.deleteSession(before)
        return { sessionId: session.id }
      },
    ),
  },
}
