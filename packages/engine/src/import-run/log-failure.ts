import type { ImportError } from '@tributary/plugin-sdk'
import { describePluginError } from '../runtime/describe-error.ts'
import type { Log } from '../runtime/log.ts'
import type { StreamDataType } from '../sources/data-types.ts'
import type { ImportJob } from '../database/schema.ts'

/** Logs why a part of an import failed, or its sign-in: with ids, and without what the source or the plugin said. */
export function logFailure(
  log: Log,
  job: Pick<ImportJob, 'id' | 'source_id'>,
  error: ImportError,
  failed?: StreamDataType,
): void {
  const { code, status, cause } = error
  const details = {
    job: job.id,
    source: job.source_id,
    ...(failed ? { stream: failed.stream } : {}),
    ...(failed?.dataType ? { dataType: failed.dataType } : {}),
    code,
    ...(status === undefined ? {} : { status }),
    ...(cause === undefined ? {} : { cause: describePluginError(cause) }),
  }
  if (code === 'plugin-failed') log.error(details, 'a plugin failed')
  else log.warn(details, 'a part of an import failed')
}
