import type { Answer } from '../http/answer.ts'
import type { LabRequest } from '../http/lab-request.ts'
import type { World } from '../source.ts'
import { authorize } from './authorize.ts'
import { createConsents } from './consents.ts'
import { createGrants } from './grants.ts'
import type { AccessState } from './grants.ts'
import type { OAuthRules } from './rules.ts'
import { tokenEndpoints } from './token-endpoints.ts'

/** A provider's OAuth 2 server, as strict as the standard asks; `rules` says where the provider deviates. */
export interface OAuthServer {
  /** Undefined for a path that is none of the server's. */
  handle(request: LabRequest): Promise<Answer | undefined>
  /** What an access token is worth now. */
  access(token: string): Promise<AccessState>
}

export function createOAuthServer(provider: string, rules: OAuthRules, world: World): OAuthServer {
  const { source, store, issued, client, redirectUri } = world
  const now = () => world.clock().epochMilliseconds
  const consents = createConsents(source, store)
  const grants = createGrants({ source, rules, store, consents, issued, now })
  const endpoints = tokenEndpoints({ rules, grants, client })
  const { paths } = rules

  return {
    async handle(request) {
      switch (request.path) {
        case paths.authorize:
          return authorize(request, {
            provider,
            rules,
            grants,
            consents,
            clientId: client.clientId,
            redirectUri,
          })
        case paths.token:
          return endpoints.token(request)
        case paths.revoke:
          return endpoints.revoke(request)
        case paths.introspect:
          return endpoints.introspect(request)
        default:
          return undefined
      }
    },
    access: grants.access,
  }
}
