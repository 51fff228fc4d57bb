import { isDeepStrictEqual } from 'node:util'
import { commonProblems, matchEndpoint, problemDetails } from '../../packages/api/src/index.ts'

/** What a response has that its endpoint does not declare, or lacks; `undefined`: it is as declared. */
export function describeMismatch({
  method,
  path,
  status,
  body,
}: {
  method: string
  path: string
  status: number
  body: string
}): string | undefined {
  const match = matchEndpoint(method, path)
  const value: unknown = JSON.parse(body)
  if (status >= 400) {
    const problem = problemDetails.safeParse(value)
    if (!problem.success) return `it is no problem: ${problem.error.message}`
    if (!match || 'allow' in match) return undefined
    const { code } = problem.data
    const declared = [...commonProblems(match.endpoint), ...(match.endpoint.problems ?? [])]
    return declared.includes(code) ? undefined : `the problem ${code} is not declared`
  }
  if (!match || 'allow' in match) return 'no endpoint is declared'
  const { answer } = match.endpoint
  if (!answer.statuses.includes(status)) return `the status ${status} is not declared`
  if (answer.kind !== 'json' && answer.kind !== 'stream') return undefined
  const read = answer.schema.safeParse(value)
  if (!read.success) return read.error.message
  // Reading leaves out what the schema does not name.
  return isDeepStrictEqual(read.data, value)
    ? undefined
    : `it has more than declared: ${extra(value, read.data)}`
}

/** The first path that one value has and the other has not. */
function extra(value: unknown, read: unknown, path = ''): string | undefined {
  if (typeof value !== 'object' || value === null || typeof read !== 'object' || read === null)
    return undefined
  for (const [name, part] of Object.entries(value)) {
    const place = `${path}/${name}`
    if (!Object.hasOwn(read, name)) return place
    const found = extra(part, (read as Record<string, unknown>)[name], place)
    if (found !== undefined) return found
  }
  return undefined
}
