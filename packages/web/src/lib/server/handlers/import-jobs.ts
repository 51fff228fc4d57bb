import type { Groups } from '@tributary/api'
import { engine } from '../engine.ts'
import { jobEvents } from '../job-events.ts'
import type { Handlers } from './handler.ts'

export const importJobHandlers: Handlers<Groups['Import jobs']> = {
  async listJobs({ user, query }) {
    return { jobs: await engine().jobs.list(user.id, query) }
  },
  async watchJobs({ event, user, sessionId }) {
    const stays = async () => (await event.locals.identifyAgain())?.sessionId === sessionId
    const after = event.request.headers.get('last-event-id') ?? undefined
    return new Response(await jobEvents(user.id, stays, after), {
      // A proxy that waits for more before it passes something on would make it late.
      headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
    })
  },
  async readJob({ user, params }) {
    return { job: await engine().jobs.get(user.id, params.id) }
  },
  listRejections: ({ user, params, query }) => engine().jobs.rejections(user.id, params.id, query),
}
