import { z } from 'zod'

/** It is done, and there is nothing to return. */
export const success = z.object({ success: z.literal(true) }).meta({ id: 'Success' })

/** It is done, with a sentence for each provider that could not be notified. */
export const successWithNotices = success.extend({
  notices: z.array(z.string()).describe('A sentence for each provider that could not be notified.'),
})

/** What is wrong with a body that is no JSON object. */
export const bodyMessage = 'The body must be a JSON object'
