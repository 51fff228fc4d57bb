import { z } from 'zod'

const object = 'must be a JSON object'
const name = z.string('must be a text')
const unit = z.string('must be a text').max(40, 'must have at most 40 characters').nullable().optional()

export const manualType = z.enum(
  ['number', 'duration', 'time', 'yes-no', 'text'],
  'must be number, duration, time, yes-no or text',
)

/** One line of a template: what a source gives, in the unit of its field, or what the user enters, in a unit that is theirs to name. */
const metric = z.discriminatedUnion('type', [
  z.object({ type: z.literal('external'), id: z.string(), name: z.string(), source: z.string() }),
  z.object({
    type: z.literal('manual'),
    id: z.string(),
    name: z.string(),
    valueType: manualType,
    unit: z.string().nullable(),
  }),
])

export const metricTemplate = z
  .object({
    id: z.string(),
    name: z.string(),
    chosen: z.boolean().describe('Whether Today shows it.'),
    metrics: z.array(metric),
  })
  .meta({ id: 'MetricTemplate' })

// An External metric is sent back as it was read, with the id that follows from its source.
const newExternal = z
  .strictObject(
    {
      type: z.literal('external'),
      id: z.string().optional(),
      name,
      source: z
        .string('must be a text')
        .regex(/^[\w-]+\.[\w-]+$/, 'must be a name such as fitbit.steps or metric.steps'),
      unit: z.null('must be left out: a metric of a source has the unit of its field').optional(),
    },
    object,
  )
  .transform(({ type, name, source }) => ({ type, name, source }))

const newManual = z.strictObject(
  {
    type: z.literal('manual'),
    id: z.uuid('must be the id that this metric had before').optional(),
    name,
    valueType: manualType,
    unit,
  },
  object,
)

/** A template as it is written: a Manual metric keeps its `id`, and with it its entries; a new one has none. */
export const newTemplate = z.strictObject(
  {
    name,
    chosen: z.boolean('must be true or false').optional(),
    metrics: z.array(
      z.discriminatedUnion('type', [newExternal, newManual], 'must be of the type external or manual'),
      'must be a list',
    ),
  },
  'The body must be a JSON object',
)

export type ManualType = z.infer<typeof manualType>
export type Metric = z.infer<typeof metric>
export type MetricTemplate = z.infer<typeof metricTemplate>
export type NewTemplate = z.infer<typeof newTemplate>
export type NewMetric = NewTemplate['metrics'][number]
