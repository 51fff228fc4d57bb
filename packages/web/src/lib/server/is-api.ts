import type { RequestEvent } from '@sveltejs/kit'

/** Whether a request is for the API, however its path is spelled: routes match the decoded path. */
export function isApi({ route, url }: Pick<RequestEvent, 'route' | 'url'>): boolean {
  const path = route.id ?? url.pathname
  return path === '/api' || path.startsWith('/api/')
}
