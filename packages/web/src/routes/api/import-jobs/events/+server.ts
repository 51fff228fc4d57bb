import { answer } from '#lib/server/answer.ts'
import { jobEvents } from '#lib/server/job-events.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

/** The user's jobs as they change (server-sent events), for as long as the session or the token lasts. */
export const GET = answer(async (event) => {
  const { user, sessionId } = await requireSignedIn(event)
  const stays = async () => (await event.locals.identifyAgain())?.sessionId === sessionId
  return new Response(jobEvents(user.id, stays), {
    // A proxy that waits for more before it passes something on would make it late.
    headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
  })
})
