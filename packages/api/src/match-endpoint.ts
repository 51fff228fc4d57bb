import { type Endpoint } from './endpoint.ts'
import { type EndpointName, endpoints } from './endpoints.ts'

/** The endpoint that a request is for, with the parts of its path. */
export interface Match {
  name: EndpointName
  endpoint: Endpoint
  params: Record<string, unknown>
}

const table = Object.entries(endpoints).map(([name, endpoint]) => ({
  name: name as EndpointName,
  endpoint: endpoint as Endpoint,
  parts: endpoint.path.split('/').slice(2),
}))

/**
 * Finds the endpoint of a request; `HEAD` counts as `GET`. `allow`: the address exists, but takes only these methods.
 * `undefined`: there is nothing at the address. `pathname` begins with `/api`, however that is spelled.
 */
export function matchEndpoint(method: string, pathname: string): Match | { allow: string[] } | undefined {
  const given = decodeParts(pathname)
  const matches = table.flatMap(({ name, endpoint, parts }) => {
    const params = given && readParams(endpoint, parts, given)
    return params ? [{ name, endpoint, params }] : []
  })
  const wanted = method === 'HEAD' ? 'GET' : method
  const match = matches.find(({ endpoint }) => endpoint.method === wanted)
  if (match || matches.length === 0) return match
  const methods = matches.map(({ endpoint }) => endpoint.method)
  return { allow: methods.flatMap((allowed) => (allowed === 'GET' ? ['GET', 'HEAD'] : [allowed])) }
}

function decodeParts(pathname: string): string[] | undefined {
  try {
    return pathname.split('/').slice(2).map(decodeURIComponent)
  } catch {
    return undefined
  }
}

function readParams(
  { params }: Endpoint,
  parts: string[],
  given: string[],
): Record<string, unknown> | undefined {
  if (parts.length !== given.length) return undefined
  const values: Record<string, string> = {}
  for (const [at, part] of parts.entries()) {
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? []
    if (name !== undefined) values[name] = given[at] ?? ''
    else if (part !== given[at]) return undefined
  }
  return params ? params.safeParse(values).data : values
}
