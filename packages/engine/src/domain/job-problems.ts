import type { JobProblem, ProblemOwner } from '@tributary/api'
import type { ImportErrorCode } from '@tributary/plugin-sdk'

export type { JobProblem, ProblemOwner }

/** Everything that keeps a job from succeeding: what a plugin or a source says by an `ImportErrorCode`, and what the core finds. */
export type JobProblemCode =
  ImportErrorCode | 'nothing-chosen' | 'unreadable-file' | 'unconfirmed' | 'failed-here'

/**
 * Who can do something about each problem, and the sentence for it where the source or its plugin gives none that is more
 * exact. `docs/operate.md` lists the same.
 */
export const jobProblems: Record<JobProblemCode, { owner: ProblemOwner; message: string }> = {
  reauthorize: { owner: 'person', message: 'The source no longer accepts this connection. Connect again.' },
  'not-allowed': { owner: 'person', message: 'The access was not allowed. Connect again and allow it.' },
  'nothing-chosen': {
    owner: 'person',
    message: 'None of its streams is switched on; switch one on in the connection’s settings.',
  },
  'unreadable-file': {
    owner: 'person',
    message:
      'Rows of the file could not be read. Correct the file, or how its columns are read, and upload it again.',
  },
  misconfigured: {
    owner: 'admin',
    message: 'The source refuses how it is set up here. An admin corrects its settings.',
  },
  'failed-here': { owner: 'admin', message: 'Something went wrong here; the import is tried again.' },
  'rate-limited': {
    owner: 'source',
    message: 'The source allows no more requests for now. The import goes on by itself.',
  },
  unavailable: { owner: 'source', message: 'The source could not answer. It is asked again.' },
  unconfirmed: {
    owner: 'source',
    message:
      'The answers lack stored values and do not agree on which. Nothing is deleted, and they are requested again.',
  },
  'bad-record': { owner: 'source', message: 'Records of the source could not be read; the rest is in.' },
  retired: { owner: 'source', message: 'The service has ended. What was imported stays.' },
  'plugin-failed': {
    owner: 'plugin',
    message: 'The plugin of this source failed. Update the plugin, or report this to its maker.',
  },
}

/** The problem of a job as it is shown. */
export function describeProblem(code: JobProblemCode, reason: string | null): JobProblem {
  const { owner, message } = jobProblems[code]
  return { owner, code, message: reason ?? message }
}
