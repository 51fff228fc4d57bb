import { z } from 'zod'
import { moment } from './day.ts'

/** What somebody may do in this installation. */
export const role = z.enum(['user', 'admin'], 'must be user or admin')

export const user = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role,
    timeZone: z.string().describe('IANA name.'),
  })
  .meta({ id: 'User' })

/** One sign-in of a user on one device. */
export const session = z
  .object({
    id: z.string(),
    current: z.boolean().describe('Whether it is that of this request.'),
    address: z.string().nullable().describe('The address of the network that it began at.'),
    userAgent: z.string().nullable(),
    createdAt: moment,
    lastUsedAt: moment.describe('To a quarter of an hour.'),
  })
  .meta({ id: 'Session' })

export const tokenScope = z
  .enum(['read', 'write', 'import'], 'must be read, write or import')
  .describe(
    "`read`: what was measured and imported. `import`: syncs and uploads. `write`: all that is a user's own, but for the account.",
  )

/** A token as its user sees it later: without the token. */
export const apiToken = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(tokenScope),
    createdAt: moment,
    expiresAt: moment.nullable().describe('`null`: it works until it is revoked.'),
    lastUsedAt: moment.nullable().describe('To the minute; `null`: never.'),
  })
  .meta({ id: 'ApiToken' })

export const newApiToken = z.strictObject(
  {
    name: z.string('must be a text'),
    scopes: z.array(tokenScope, 'must be a list of read, write and import'),
    days: z
      .int('must be a whole number, or null for no end')
      .nullable()
      .describe('How long it works; `null`: until it is revoked.'),
  },
  'The body must be a JSON object',
)

export const secondStepStatus = z.object({ on: z.boolean(), backupCodes: z.int() })

export type User = z.infer<typeof user>
export type Session = z.infer<typeof session>
export type TokenScope = z.infer<typeof tokenScope>
export type ApiToken = z.infer<typeof apiToken>
export type NewApiToken = z.infer<typeof newApiToken>
export type SecondStepStatus = z.infer<typeof secondStepStatus>
