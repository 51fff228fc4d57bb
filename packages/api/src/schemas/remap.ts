import { z } from 'zod'
import { dailyValue } from './daily-values.ts'
import { day, moment } from './day.ts'

/** What mapping the stored responses again would change. */
const remapPreview = z.object({
  records: z.int().describe('Daily records that would be new, changed or removed.'),
  measurements: z.int().describe('Measurements that would be new, changed or removed.'),
  dailyValues: z.int().describe('Daily values that would be others.'),
  unreadable: z
    .int()
    .describe(
      "Windows whose stored responses cannot be read by today's mapping; what they brought stays as it is.",
    ),
  largest: z
    .array(z.object({ metric: z.string(), date: day, from: dailyValue, to: dailyValue }))
    .describe('The largest differences, by what part of the value they are.'),
})

export const remap = z
  .object({
    status: z
      .enum(['comparing', 'ready', 'applying', 'applied', 'cancelled'])
      .describe(
        '`comparing` → `ready` (to be looked at) → `applying` → `applied`; or `cancelled`. Where nothing differs, `ready` is left out.',
      ),
    because: z.enum(['asked', 'mapping']).describe("The user requested it, or the plugin's mapping changed."),
    windows: z.object({ compared: z.int(), total: z.int() }),
    preview: remapPreview.nullable(),
    createdAt: moment,
    finishedAt: moment.nullable(),
  })
  .meta({ id: 'Remap' })

/** What is stored of a connection's responses. */
export const storedAnswers = z.object({
  fetches: z.int(),
  pages: z.int(),
  bytes: z.int().describe('As they came.'),
  compressedBytes: z
    .int()
    .describe('As they lie in the database; a response that came twice lies there once.'),
})

export type RemapPreview = z.infer<typeof remapPreview>
export type Remap = z.infer<typeof remap>
export type StoredAnswers = z.infer<typeof storedAnswers>
