import { z } from 'zod'

const number = z.string().regex(/^\d{1,18}$/, 'must be the "next" of a page')

/** Which part of the audit log is asked for. */
export const auditQuery = z.strictObject({
  action: z.string().optional(),
  before: number.optional(),
  limit: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(200, 'must be at most 200')
    .optional(),
})
