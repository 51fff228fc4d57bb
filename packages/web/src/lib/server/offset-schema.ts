import { z } from 'zod'

/** How many of a long list are left out before the part that is wanted. */
export const offsetSchema = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number from 0')
  .transform(Number)
