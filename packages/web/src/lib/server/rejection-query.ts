import { z } from 'zod'

/** Which part of a job's rejections is asked for. */
export const rejectionQuery = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'must be the "next" of a page')
    .optional(),
  limit: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(200, 'must be at most 200')
    .optional(),
})
