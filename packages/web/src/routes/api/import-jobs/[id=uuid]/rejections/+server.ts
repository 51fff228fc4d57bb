import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { rejectionQuery } from '#lib/server/rejection-query.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

/** The records and values that a job did not store, each with its reason. */
export const GET = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  return engine().jobs.rejections(user.id, event.params.id, readQuery(event.url, rejectionQuery))
})
