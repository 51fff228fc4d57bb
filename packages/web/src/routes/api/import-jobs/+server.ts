import { z } from 'zod'
import { isDay } from '#lib/days.ts'
import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const query = z.strictObject({
  plugin: z.string().min(1, 'must be the id of a source').optional(),
  connection: z.string().optional(),
  before: z.iso
    .datetime('must be a moment such as 2026-11-21T12:00:00Z')
    .refine((moment) => isDay(moment.slice(0, 10)), 'must be a moment such as 2026-11-21T12:00:00Z')
    .optional(),
})

/** The user's jobs, the newest first: fifty of them, or fifty that were asked for before a moment. */
export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  return { jobs: await engine().jobs.list(user.id, readQuery(event.url, query)) }
})
