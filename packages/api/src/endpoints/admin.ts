import { z } from 'zod'
import { admin, endpoint, json } from '../endpoint.ts'
import { role } from '../schemas/account.ts'
import { adminConfiguration, adminUser, auditPage, check, schedule } from '../schemas/admin.ts'
import { moment } from '../schemas/day.ts'
import { pluginId, uuid } from '../schemas/ids.ts'
import { limit, place } from '../schemas/paging.ts'
import { bodyMessage, success, successWithNotices } from '../schemas/success.ts'

const id = z.object({ id: uuid })

export const adminEndpoints = {
  readAuditLog: endpoint({
    method: 'GET',
    path: '/api/admin/audit',
    ...admin,
    summary: 'Who did what, newest first',
    query: z.strictObject({
      action: z.string().describe('Only this action.').optional(),
      before: place.optional(),
      limit: limit.optional(),
    }),
    answer: json(auditPage),
    problems: ['unknown-action'],
  }),
  readConfiguration: endpoint({
    method: 'GET',
    path: '/api/admin/configuration',
    ...admin,
    summary: 'The settings of this installation and of its sources',
    description: 'The value of a secret is never in it.',
    answer: json(adminConfiguration),
  }),
  changeConfiguration: endpoint({
    method: 'PUT',
    path: '/api/admin/configuration',
    ...admin,
    summary: 'Set values by key; `null` removes one',
    body: z.record(
      z.string(),
      z.union([z.string(), z.null()], 'must be a text, or null to take the value away'),
      'The body must be a JSON object of settings such as {"global.base_url": "https://tributary.example"}',
    ),
    answer: json(adminConfiguration),
    problems: ['unknown-setting', 'bad-value', 'locked'],
  }),
  createInvitation: endpoint({
    method: 'POST',
    path: '/api/admin/invitations',
    ...admin,
    summary: 'Create a link by which one person can sign up',
    body: z.strictObject(
      {
        email: z
          .email('must be an e-mail address such as ada@example.org')
          .describe('Only for this address.')
          .optional(),
        role: role.default('user'),
      },
      bodyMessage,
    ),
    answer: json(z.object({ link: z.string(), expiresAt: moment }), 201),
    problems: ['email-taken', 'bad-email'],
  }),
  testPlugin: endpoint({
    method: 'POST',
    path: '/api/admin/plugins/{id}/test',
    ...admin,
    summary: "Try a source's settings",
    params: z.object({ id: pluginId }),
    answer: json(z.object({ checks: z.array(check) })),
    problems: ['unknown-plugin'],
  }),
  readSchedule: endpoint({
    method: 'GET',
    path: '/api/admin/schedule',
    ...admin,
    summary: 'The hourly imports of the last hours',
    answer: json(schedule),
  }),
  listUsers: endpoint({
    method: 'GET',
    path: '/api/admin/users',
    ...admin,
    summary: 'The users of this installation',
    answer: json(z.object({ users: z.array(adminUser) })),
  }),
  changeUser: endpoint({
    method: 'PATCH',
    path: '/api/admin/users/{id}',
    ...admin,
    summary: 'Disable a user, or change what they may do',
    params: id,
    body: z.strictObject(
      { disabled: z.boolean('must be true or false').optional(), role: role.optional() },
      bodyMessage,
    ),
    answer: json(z.object({ user: adminUser })),
    problems: ['unknown-user', 'last-admin'],
  }),
  deleteUser: endpoint({
    method: 'DELETE',
    path: '/api/admin/users/{id}',
    ...admin,
    summary: 'Delete a user and all that is theirs, for good',
    params: id,
    answer: json(successWithNotices),
    problems: ['unknown-user', 'last-admin'],
  }),
  resetSecondStep: endpoint({
    method: 'DELETE',
    path: '/api/admin/users/{id}/second-step',
    ...admin,
    summary: 'Remove the second step of a user who lost the app and the backup codes',
    description: 'From then on the password alone signs them in. Ends their sessions.',
    params: id,
    answer: json(success),
    problems: ['unknown-user', 'own-second-step', 'no-second-step'],
  }),
  simulateAll: endpoint({
    method: 'POST',
    path: '/api/simulation',
    ...admin,
    summary: 'Use simulated sources, while none is configured',
    answer: json(success),
    problems: ['already-configured', 'no-simulation'],
  }),
}
