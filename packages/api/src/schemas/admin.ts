import { z } from 'zod'
import { role } from './account.ts'
import { moment } from './day.ts'

const settingOrigin = z
  .enum(['database', 'environment', 'default'])
  .nullable()
  .describe("Where a setting's value comes from; what comes from the environment is locked.")

/** One setting as an admin sees it. */
const adminSetting = z
  .object({
    key: z.string().describe('E.g. `plugin.your-plugin.client_id` or `global.base_url`.'),
    label: z.string(),
    description: z.string().nullable(),
    type: z.enum(['text', 'password', 'select', 'checkbox']),
    required: z.boolean(),
    placeholder: z.string().nullable(),
    options: z.array(z.object({ value: z.string(), label: z.string() })),
    value: z
      .string()
      .nullable()
      .describe('`null` for a secret and where none is set; `true` or `false` for a checkbox.'),
    isSet: z.boolean(),
    changedAt: moment.nullable().describe('Only for what is in the database.'),
    from: settingOrigin,
    locked: z.boolean(),
  })
  .meta({ id: 'AdminSetting' })

const adminPlugin = z.object({
  id: z.string(),
  name: z.string(),
  icon: z.string(),
  description: z.string(),
  retired: z.object({ since: z.string(), note: z.string() }).nullable(),
  readsOwnSecrets: z
    .boolean()
    .describe("Whether the plugin reads its client's secrets by itself, which its card says."),
  configured: z.boolean(),
  simulated: z.boolean(),
  settings: z.array(adminSetting).describe('Its fields, and last whether the simulated provider is used.'),
  setupInfo: z.array(z.object({ label: z.string(), value: z.string(), copyable: z.boolean() })),
})

export const adminConfiguration = z
  .object({
    global: z.array(adminSetting),
    plugins: z.array(adminPlugin),
    refused: z
      .array(z.string())
      .describe('Plugins that were refused, each by a sentence that names file and fault.'),
  })
  .meta({ id: 'AdminConfiguration' })

/** One thing that a test of a source's settings tried. */
export const check = z.object({
  name: z.string(),
  ok: z.boolean(),
  detail: z.string().describe('One sentence.'),
})

export const adminUser = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role,
    disabled: z.boolean(),
    secondStep: z.boolean().describe('Whether signing in takes a second step.'),
    createdAt: moment,
    lastSeenAt: moment.nullable().describe('`null`: no session.'),
  })
  .meta({ id: 'AdminUser' })

export const schedule = z.object({
  nextAt: moment.describe('When the next connection falls due; the next hour where there is none.'),
  slots: z
    .array(z.object({ at: moment, ranAt: moment, jobs: z.int() }))
    .describe('The imports of each hour, and when the first of them was requested; the newest first.'),
  connections: z.int().describe('Connections that the schedule serves.'),
})

const auditPerson = z
  .object({
    id: z.string(),
    name: z.string().nullable().describe('`null` where the account is deleted.'),
  })
  .meta({ id: 'AuditPerson' })

/** One thing that was done. */
const auditLine = z.object({
  id: z.string(),
  at: moment,
  action: z.string(),
  words: z.string().describe('The action as a person reads it.'),
  actor: auditPerson
    .nullable()
    .describe('`null`: the app itself, the command line, or nobody who is signed in.'),
  subject: auditPerson.nullable().describe('Whom it concerns.'),
  source: z.string().nullable().describe('The name of the source.'),
  requestId: z.string().nullable(),
  address: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

/** A part of the audit log, newest first. */
export const auditPage = z.object({
  entries: z.array(auditLine),
  next: z.string().nullable().describe('`before` of the next page; `null`: there is none.'),
  actions: z
    .array(z.object({ id: z.string(), words: z.string() }))
    .describe('Everything that may be filtered by.'),
})

export type SettingOrigin = z.infer<typeof settingOrigin>
export type AdminSetting = z.infer<typeof adminSetting>
export type AdminPlugin = z.infer<typeof adminPlugin>
export type AdminConfiguration = z.infer<typeof adminConfiguration>
export type Check = z.infer<typeof check>
export type AdminUser = z.infer<typeof adminUser>
export type Schedule = z.infer<typeof schedule>
export type AuditPerson = z.infer<typeof auditPerson>
export type AuditLine = z.infer<typeof auditLine>
export type AuditPage = z.infer<typeof auditPage>
