import { z } from 'zod'
import { isFinished } from '#lib/job-status.ts'
import { answer } from '#lib/server/answer.ts'
import { connectionOf } from '#lib/server/connection-of.ts'
import { daySchema } from '#lib/server/day-schema.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

const days = z
  .strictObject(
    { startDate: daySchema.optional(), endDate: daySchema.optional() },
    'The body must be a JSON object',
  )
  .refine(({ startDate, endDate }) => !startDate || !endDate || startDate <= endDate, {
    path: ['startDate'],
    message: 'must not be after endDate',
  })

export const POST = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  const { startDate, endDate } = await readBody(event.request, days)
  const asked = {
    ...(startDate !== undefined && { startDate }),
    ...(endDate !== undefined && { endDate }),
  }
  const job = await engine().plugins.sync(user.id, event.params.id, asked, connectionOf(event.url))
  return Response.json({ job }, { status: isFinished(job.status) ? 200 : 202 })
})
