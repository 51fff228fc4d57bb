import { type Answer, ImportError, type PluginDeclaration } from '@tributary/plugin-sdk'

const shortestWait = 5

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
    const seconds = waitSeconds(response, plugin)
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

/** Seconds by `Retry-After` (RFC 9110, 10.2.3) or the header that the source declares; `undefined` where none tells. */
function waitSeconds(response: Response, { api }: PluginDeclaration): number | undefined {
  const headers = [api.rateLimit?.resetSeconds, 'retry-after']
  const given = headers.flatMap((name) => (name ? [Number(response.headers.get(name) ?? Number.NaN)] : []))
  const seconds = Math.max(...given.filter(Number.isFinite), 0)
  return seconds > 0 ? Math.max(Math.ceil(seconds), shortestWait) : undefined
}
