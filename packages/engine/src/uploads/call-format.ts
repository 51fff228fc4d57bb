import { ImportError } from '@tributary/plugin-sdk'
import { describePluginError } from '../runtime/describe-error.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { callPlugin } from '../sources/call-plugin.ts'

/**
 * Runs code of a file format on a file that a user sends. Throws `Problem` 422 with what is wrong with the file and what to do,
 * or 500 `plugin-failed` where the format's own code failed, which is logged.
 */
export async function callFormat<Result>(
  { registry, log }: Pick<Parts, 'registry' | 'log'>,
  sourceId: string,
  call: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await callPlugin(registry.find(sourceId)?.name ?? sourceId, 'looking at this file', async () =>
      call(),
    )
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    const { code, message, cause } = error
    if (code !== 'plugin-failed') throw new Problem(422, 'unreadable-file', message, { cause: error })
    log.error({ source: sourceId, cause: describePluginError(cause) }, 'a plugin failed')
    throw new Problem(500, 'plugin-failed', message, { cause: error })
  }
}
