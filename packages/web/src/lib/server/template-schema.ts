import { z } from 'zod'

const object = 'must be a JSON object'
const name = z.string('must be a text')
const unit = z.string('must be a text').max(40, 'must have at most 40 characters').nullable().optional()

// An External metric is sent back as it was read, with the id that follows from its source.
const external = z
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

const manual = z.strictObject(
  {
    type: z.literal('manual'),
    id: z.uuid('must be the id that this metric had before').optional(),
    name,
    valueType: z.enum(
      ['number', 'duration', 'time', 'yes-no', 'text'],
      'must be number, duration, time, yes-no or text',
    ),
    unit,
  },
  object,
)

/** A metric template as the API takes it. */
export const templateSchema = z.strictObject(
  {
    name,
    chosen: z.boolean('must be true or false').optional(),
    metrics: z.array(
      z.discriminatedUnion('type', [external, manual], 'must be of the type external or manual'),
      'must be a list',
    ),
  },
  'The body must be a JSON object',
)
