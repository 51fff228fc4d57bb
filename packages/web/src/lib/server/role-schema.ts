import { z } from 'zod'

/** What somebody may do in this installation. */
export const roleSchema = z.enum(['user', 'admin'], 'must be user or admin')
