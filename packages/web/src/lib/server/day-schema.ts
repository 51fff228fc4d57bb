import { z } from 'zod'
import { isDay } from '../days.ts'

/** A civil day that exists, as `YYYY-MM-DD`. */
export const daySchema = z
  .string('must be given as a day such as 2026-11-21')
  .refine(isDay, 'must be a day that exists, such as 2026-11-21')
