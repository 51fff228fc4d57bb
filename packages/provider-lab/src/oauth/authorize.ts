import { page, redirect } from '../http/answer.ts'
import type { Answer } from '../http/answer.ts'
import type { LabRequest } from '../http/lab-request.ts'
import { consentPage, refusalPage } from './consent-page.ts'
import type { Consents } from './consents.ts'
import type { Consent, Grants } from './grants.ts'
import type { OAuthRules } from './rules.ts'

interface AuthorizeOptions {
  readonly provider: string
  readonly rules: OAuthRules
  readonly grants: Grants
  readonly consents: Consents
  readonly clientId: string
  /** The one that is registered, requested each time. */
  readonly redirectUri: () => string
}

/**
 * The authorization endpoint: GET shows the consent page, POST is the person's answer to it.
 *
 * A request that is not known to come from the client gets a page and no redirect (RFC 6749, 4.1.2.1); any other refusal
 * goes to the redirect URI as `error`.
 */
export async function authorize(request: LabRequest, options: AuthorizeOptions): Promise<Answer> {
  const { provider, rules, grants, clientId } = options
  const { query } = request
  const redirectUri = options.redirectUri()

  if (query.get('client_id') !== clientId) return refuse(provider, 'unauthorized_client - Invalid client_id')
  if (query.get('redirect_uri') !== redirectUri) {
    return refuse(provider, 'invalid_request - Invalid redirect_uri parameter value')
  }
  const unregistrable = rules.redirectUriProblem?.(redirectUri)
  if (unregistrable) return refuse(provider, unregistrable)
  const goBack = (parameters: Record<string, string>) =>
    redirect(
      address(
        redirectUri,
        { ...parameters, ...(rules.redirectIssuer === undefined ? {} : { iss: rules.redirectIssuer }) },
        query.get('state'),
      ),
    )

  const problem = findProblem(query, rules)
  if (problem) {
    return rules.faultyRequest === 'page'
      ? refuse(provider, `${problem.error} - ${problem.message}`)
      : goBack({ error: problem.error, error_description: problem.message })
  }

  const asked = readScopes(query, rules)
  if (request.method === 'GET') {
    const scopes = rules.scopes.filter(({ id }) => asked.includes(id))
    return page(200, consentPage({ provider, account: rules.account, scopes }))
  }
  if (request.method !== 'POST')
    return refuse(provider, 'invalid_request - Only GET and POST are supported', 405)

  const form = await request.form()
  const allowed = form.getAll('scope').filter((scope) => asked.includes(scope))
  if (form.get('decision') !== 'allow' || allowed.length === 0) {
    return goBack({ error: 'access_denied', error_description: 'The user denied the request.' })
  }
  const challenge = query.get('code_challenge') ?? undefined
  const consent = await consentTo(allowed, query, options)
  const code = await grants.issueCode({ ...consent, redirectUri, challenge })
  return goBack({ code, ...rules.codeRedirect?.(consent.scopes, query) })
}

async function consentTo(
  scopes: readonly string[],
  query: URLSearchParams,
  { rules, consents, clientId }: AuthorizeOptions,
): Promise<Consent> {
  if (!rules.remembersConsent) return { clientId, scopes, refreshable: true, standing: undefined }
  const standing = await consents.add({
    clientId,
    scopes,
    includeEarlier: query.get('include_granted_scopes') === 'true',
    offline: query.get('access_type') === 'offline',
    prompted: (query.get('prompt') ?? '').split(' ').includes('consent'),
  })
  return { clientId, scopes: standing.scopes, refreshable: standing.refreshable, standing: standing.id }
}

function findProblem(
  query: URLSearchParams,
  rules: OAuthRules,
): { error: string; message: string } | undefined {
  const invalid = (message: string) => ({ error: 'invalid_request', message })
  const type = query.get('response_type')
  if (!type) return invalid('Missing response_type parameter value')
  if (type !== 'code')
    return { error: 'unsupported_response_type', message: 'Invalid response_type parameter value' }

  const scopes = readScopes(query, rules)
  if (scopes.length === 0) return invalid('Missing scope parameter value')
  const unknown = scopes.find((scope) => !rules.scopes.some(({ id }) => id === scope))
  if (unknown) return { error: 'invalid_scope', message: `Invalid scope: ${unknown}` }

  const challenge = query.get('code_challenge')
  if (!challenge)
    return rules.pkce === 'required' ? invalid('Missing code_challenge parameter value') : undefined
  if (query.get('code_challenge_method') !== 'S256') return invalid('Unsupported code_challenge_method')
  return /^[\w-]{43}$/.test(challenge) ? undefined : invalid('The code_challenge parameter is invalid')
}

function readScopes(query: URLSearchParams, { scopeSeparator }: OAuthRules): string[] {
  return [...new Set((query.get('scope') ?? '').split(scopeSeparator).filter(Boolean))]
}

function refuse(provider: string, message: string, status = 400): Answer {
  return page(status, refusalPage(provider, message))
}

function address(redirectUri: string, parameters: Record<string, string>, state: string | null): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  if (state !== null) url.searchParams.set('state', state)
  return url.href
}
