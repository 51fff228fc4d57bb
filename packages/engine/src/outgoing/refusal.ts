import { type Answer, ImportError, type PluginDeclaration } from '@tributary/plugin-sdk'
import { clampWait } from '../budgets/clamp-wait.ts'

/** What an answer that is no data means for the import. */
export function refusalOf(
  response: Response,
  body: Answer,
  plugin: PluginDeclaration,
  now: Temporal.Instant,
): ImportError {
  const { status } = response
  const { name, retired } = plugin
  const read = plugin.api.readError?.(status, body)
  if (read?.code === 'rate-limited' || (read === undefined && status === 429)) {
    const seconds = waitSeconds(response, plugin, now)
    return new ImportError('rate-limited', read?.message ?? `${name} allows no more requests for now.`, {
      ...(seconds === undefined ? {} : { retryAt: now.add({ seconds }) }),
    })
  }
  if (read) return new ImportError(read.code, read.message)
  if (status === 401) return new ImportError('reauthorize', `${name} no longer accepts this authorization.`)
  if (status === 403) return new ImportError('misconfigured', `${name} does not allow this request (403).`)
  if (status === 410 && retired) return new ImportError('retired', retired.note)
  return new ImportError('unavailable', `${name} could not answer (${status}).`)
}

/**
 * Seconds by `Retry-After`, which is a number of them or a date (RFC 9110, 10.2.3), or by the header that the source
 * declares; `undefined` where none tells.
 */
function waitSeconds(
  { headers }: Response,
  { api }: PluginDeclaration,
  now: Temporal.Instant,
): number | undefined {
  const after = headers.get('retry-after')
  const until = (Date.parse(after ?? '') - now.epochMilliseconds) / 1000
  const declared = api.rateLimit?.resetSeconds
  const given = [declared ? headers.get(declared) : null, after].flatMap((text) =>
    text ? [Number(text)] : [],
  )
  const seconds = Math.max(...[...given, until].filter(Number.isFinite), 0)
  return seconds > 0 ? clampWait(seconds) : undefined
}
