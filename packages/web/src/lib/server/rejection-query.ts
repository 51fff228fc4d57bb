import { z } from 'zod'
import { limitSchema } from './limit-schema.ts'

/** Which part of a job's rejections is asked for. */
export const rejectionQuery = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'must be the "next" of a page')
    .optional(),
  limit: limitSchema.optional(),
})
