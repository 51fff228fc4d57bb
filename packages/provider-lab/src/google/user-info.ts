import { json } from '../http/answer.ts'
import type { Answer } from '../http/answer.ts'
import type { LabRequest } from '../http/lab-request.ts'
import type { AccessState } from '../oauth/grants.ts'
import { ACCOUNT } from './oauth-rules.ts'
import { unauthenticated } from './refusals.ts'

const EMAIL_SCOPES = ['email', 'https://www.googleapis.com/auth/userinfo.email']
const ANY_SCOPES = [...EMAIL_SCOPES, 'openid', 'profile', 'https://www.googleapis.com/auth/userinfo.profile']

/** Who the account is, at the paths of openidconnect and www.googleapis.com; undefined for any other path. */
export function userInfo({ path }: LabRequest, access: AccessState, name: string): Answer | undefined {
  const older = path === '/oauth2/v2/userinfo'
  if (!older && path !== '/oauth2/v3/userinfo' && path !== '/v1/userinfo') return undefined
  const scopes = access.state === 'valid' ? access.scopes : []
  if (!scopes.some((scope) => ANY_SCOPES.includes(scope)))
    return unauthenticated(true, 'oauth2.googleapis.com')
  const [given_name = '', family_name = ''] = name.split(' ')
  const knowsEmail = scopes.some((scope) => EMAIL_SCOPES.includes(scope))
  return json(200, {
    [older ? 'id' : 'sub']: ACCOUNT.id,
    name,
    given_name,
    family_name,
    ...(knowsEmail ? { email: ACCOUNT.email, [older ? 'verified_email' : 'email_verified']: true } : {}),
  })
}
