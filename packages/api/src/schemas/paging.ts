import { z } from 'zod'

/** The place in a list after which a part of it begins. */
export const place = z
  .string()
  .regex(/^\d{1,18}$/, 'must be the "next" of a page')
  .describe('The `next` of the part before.')

/** How many entries a part of a list has at most. */
export const limit = z.coerce
  .number<string>('must be a number')
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(200, 'must be at most 200')
  .describe('How many at most; default 50.')
