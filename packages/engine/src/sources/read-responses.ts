import type { PluginDeclaration } from '@tributary/plugin-sdk'
import type { ResponseReader } from '../outgoing/refusal.ts'
import { describePluginError } from '../runtime/describe-error.ts'
import type { Log } from '../runtime/log.ts'
import { callPluginNow } from './call-plugin.ts'

/** What a plugin makes of responses that are no data. Where its code fails, that is logged and the status decides. */
export function readResponses({ id, name, api }: PluginDeclaration, log: Log): ResponseReader {
  const what = 'reading a response'

  function unlessItFails<Result>(call: () => Result): Result | undefined {
    try {
      return call()
    } catch (error) {
      const { cause = error } = error as Error
      log.error({ source: id, cause: describePluginError(cause) }, 'a plugin failed')
      return undefined
    }
  }

  return {
    isNoData: (status, body) =>
      unlessItFails(() => callPluginNow(name, what, () => api.isNoData?.(status, body))) === true,
    readError: (status, body) =>
      unlessItFails(() => callPluginNow(name, what, () => api.readError?.(status, body))),
  }
}
