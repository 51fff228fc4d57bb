import { z } from 'zod'

/** The name of a metric: a source's field, a kind, or what is entered by hand. */
export const metricName = z
  .string('must be the name of a metric')
  .regex(/^[\w-]+\.[\p{L}\p{M}\p{N}_-]+$/u, 'must be a name such as metric.steps')
  .describe('`SOURCE.FIELD`, `metric.KIND` over all sources, or `manual.ID`.')
