import { z } from 'zod'
import { bytes, endpoint, json, own } from '../endpoint.ts'
import { apiToken, newApiToken, secondStepStatus, session, user } from '../schemas/account.ts'
import { uuid } from '../schemas/ids.ts'
import { bodyMessage, success, successWithNotices } from '../schemas/success.ts'
import { isTimeZone } from '../schemas/time-zone.ts'

const text = z.string('must be a text')
const password = z.strictObject({ password: text }, bodyMessage)
const id = z.object({ id: uuid })

export const accountEndpoints = {
  changeAccount: endpoint({
    method: 'PATCH',
    path: '/api/account',
    ...own,
    summary: 'Set the time zone of the account',
    body: z.strictObject(
      {
        timeZone: z
          .string('must be given')
          .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
          .describe('IANA name.'),
      },
      bodyMessage,
    ),
    answer: json(z.object({ user })),
    problems: ['unknown-time-zone'],
  }),
  deleteAccount: endpoint({
    method: 'DELETE',
    path: '/api/account',
    ...own,
    summary: 'Delete the account and all that is in it, for good',
    body: password,
    answer: json(successWithNotices),
    problems: ['wrong-password', 'last-admin', 'unknown-user', 'busy'],
  }),
  exportAccount: endpoint({
    method: 'GET',
    path: '/api/account/export',
    ...own,
    summary: 'Download everything in the account, as JSON lines',
    description: 'The last line is `{ "end": { "rows": N } }`; an export without it is incomplete.',
    answer: bytes('application/x-ndjson'),
    problems: ['too-many-requests', 'busy'],
  }),
  changePassword: endpoint({
    method: 'PUT',
    path: '/api/account/password',
    ...own,
    summary: 'Set another password, which ends every other session',
    body: z.strictObject({ current: text, wanted: text }, bodyMessage),
    answer: json(success),
    problems: ['wrong-password', 'bad-password', 'busy'],
  }),
  readSecondStep: endpoint({
    method: 'GET',
    path: '/api/account/second-step',
    ...own,
    summary: 'Whether signing in takes a second step',
    answer: json(secondStepStatus),
  }),
  beginSecondStep: endpoint({
    method: 'POST',
    path: '/api/account/second-step',
    ...own,
    summary: 'Create the secret for an authenticator app',
    body: password,
    answer: json(z.object({ secret: z.string(), link: z.string() })),
    problems: ['wrong-password', 'second-step-on', 'busy'],
  }),
  confirmSecondStep: endpoint({
    method: 'PUT',
    path: '/api/account/second-step',
    ...own,
    summary: 'Turn the second step on by a code of the app',
    description: 'The only response that contains the backup codes.',
    body: z.strictObject({ code: text }, bodyMessage),
    answer: json(z.object({ codes: z.array(z.string()) })),
    problems: ['wrong-code', 'second-step-on'],
  }),
  endSecondStep: endpoint({
    method: 'DELETE',
    path: '/api/account/second-step',
    ...own,
    summary: 'Turn the second step off',
    body: password,
    answer: json(success),
    problems: ['wrong-password', 'busy'],
  }),
  listSessions: endpoint({
    method: 'GET',
    path: '/api/account/sessions',
    ...own,
    summary: 'The sessions of the account',
    answer: json(z.object({ sessions: z.array(session) })),
  }),
  endOtherSessions: endpoint({
    method: 'DELETE',
    path: '/api/account/sessions',
    ...own,
    summary: 'End all sessions but that of this request',
    answer: json(success),
  }),
  endSession: endpoint({
    method: 'DELETE',
    path: '/api/account/sessions/{id}',
    ...own,
    summary: 'End a session',
    params: id,
    answer: json(success),
    problems: ['unknown-session'],
  }),
  listTokens: endpoint({
    method: 'GET',
    path: '/api/account/tokens',
    ...own,
    summary: 'The API tokens of the account',
    answer: json(z.object({ tokens: z.array(apiToken) })),
  }),
  createToken: endpoint({
    method: 'POST',
    path: '/api/account/tokens',
    ...own,
    summary: 'Create an API token',
    description: 'The only response that contains the token itself.',
    body: newApiToken,
    answer: json(z.object({ token: z.string(), info: apiToken }), 201),
    problems: ['bad-name', 'bad-scopes', 'bad-days', 'too-many-tokens'],
  }),
  revokeToken: endpoint({
    method: 'DELETE',
    path: '/api/account/tokens/{id}',
    ...own,
    summary: 'Revoke an API token',
    params: id,
    answer: json(success),
    problems: ['unknown-token'],
  }),
}
