import { z } from 'zod'

/** An id of ours in a path, in either case. */
export const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)
  .toLowerCase()

/** The id of a source in a path. */
export const pluginId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
  .describe('The id of a source, e.g. `your-plugin`.')
