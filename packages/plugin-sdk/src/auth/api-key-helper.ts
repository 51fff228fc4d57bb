import type { ApiKey } from './auth.ts'

/** Attaches a user's key to requests, as its provider wants it. It keeps nothing. */
export class ApiKeyAuthHelper {
  readonly #auth: ApiKey

  constructor(auth: ApiKey) {
    this.#auth = auth
  }

  /** The headers that carry the key; none where the query does. */
  headers(key: string): Record<string, string> {
    const { placement, name, basic } = this.#auth
    switch (placement) {
      case 'bearer':
        return { authorization: `Bearer ${key}` }
      case 'header':
        return { [name ?? 'x-api-key']: key }
      case 'basic': {
        const pair =
          basic && 'userName' in basic ? `${basic.userName}:${key}` : `${key}:${basic ? basic.password : ''}`
        return { authorization: `Basic ${btoa(pair)}` }
      }
      case 'query':
        return {}
    }
  }

  /** The query parameters that carry the key; none where a header does. */
  query(key: string): Record<string, string> {
    return this.#auth.placement === 'query' ? { [this.#auth.name ?? 'key']: key } : {}
  }
}
