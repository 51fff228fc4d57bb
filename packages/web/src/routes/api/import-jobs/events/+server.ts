import { answer } from '#lib/server/answer.ts'
import { jobEvents } from '#lib/server/job-events.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

/**
 * The user's jobs and daily values as they change (server-sent events), for as long as the session or the token lasts. Who
 * connects again with `Last-Event-ID`, as browsers do, gets what happened meanwhile.
 */
export const GET = answer(async (event) => {
  const { user, sessionId } = await requireSignedIn(event)
  const stays = async () => (await event.locals.identifyAgain())?.sessionId === sessionId
  const after = event.request.headers.get('last-event-id') ?? undefined
  return new Response(await jobEvents(user.id, stays, after), {
    // A proxy that waits for more before it passes something on would make it late.
    headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
  })
})
