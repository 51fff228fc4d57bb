import { z } from 'zod'

/** How many entries a part of a list has at most. */
export const limitSchema = z.coerce
  .number('must be a number')
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(200, 'must be at most 200')
