import { z } from 'zod'
import { countDays } from '#lib/days.ts'
import { answer } from '#lib/server/answer.ts'
import { daySchema } from '#lib/server/day-schema.ts'
import { engine } from '#lib/server/engine.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const longest = 3_700

const query = z
  .strictObject({
    plugin: z.string('must be the id of a source'),
    connection: z.string().optional(),
    from: daySchema,
    to: daySchema,
  })
  .refine(({ from, to }) => from <= to, { path: ['from'], message: 'must not be after to' })
  .refine(({ from, to }) => countDays(from, to) < longest, {
    path: ['to'],
    message: `must be at most ${longest} days after from`,
  })

/** What is known of a source's days: by stream and state, as ranges. */
export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  const { plugin, connection, from, to } = readQuery(event.url, query)
  return engine().plugins.coverage(user.id, plugin, { from, to }, connection)
})
