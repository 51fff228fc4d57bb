import type { Field } from '@tributary/plugin-sdk'
import type { Ending } from '../jobs/close-job.ts'
import type { Rejected } from '../archive/store-rejections.ts'
import { toStorableText } from '../domain/storable-text.ts'
import type { Succession } from '../values/replace-older.ts'
import type { StagedFile } from '../values/stage-file.ts'
import type { JobCounts } from '../domain/job-counts.ts'

/** Rejections that are named in the job's reason; all are counted. */
const namedRejections = 3

/** How the import of a file ends that gave values: it is partial where rows could not be read. */
export function endFile(file: StagedFile, counts: JobCounts, succession: Succession): Partial<Ending> {
  const notes = [sayUnreadable(file), sayImplausible(file), saySetAside(counts), ...saySuccession(succession)]
  const reason = notes.filter((note) => note !== undefined).join(' ')
  return {
    covered: 1,
    failed: file.rejected.unreadable > 0 ? 1 : 0,
    reason: reason === '' ? undefined : reason,
  }
}

/** Why a file gave no value, and what to do; `undefined` where it gave one. */
export function sayNothingRead(file: StagedFile, fields: Field[]): string | undefined {
  if (file.values > 0) return undefined
  const nothing = 'Nothing was imported.'
  if (file.rows === 0) return `The file has no rows under its header. ${nothing} Choose a file with values.`
  const { unreadable, implausible } = file.rejected
  if (unreadable > 0)
    return `${nothing} None of its rows could be read: ${nameRejections(file, 'unreadable')}. Check how the file is read, then upload it again.`
  if (implausible > 0)
    return `${nothing} All values are implausible: ${nameRejections(file, 'implausible')}. Check the columns and their units, then upload the file again.`
  if (fields.length === 0)
    return `${nothing} No column has numbers or times that can be imported by itself. Upload the file from its page, and choose columns there.`
  const columns = fields.map(({ name }) => `"${name}"`).join(', ')
  return `${nothing} No row has a value in ${columns}. Choose columns with values, then upload the file again.`
}

function sayUnreadable(file: StagedFile): string | undefined {
  const { unreadable } = file.rejected
  if (unreadable === 0) return undefined
  return `${unreadable} of ${file.rows} rows could not be read; the others were imported: ${nameRejections(file, 'unreadable')}.`
}

function sayImplausible(file: StagedFile): string | undefined {
  const { implausible } = file.rejected
  if (implausible === 0) return undefined
  const values =
    implausible === 1 ? '1 value is implausible and was' : `${implausible} values are implausible and were`
  return `${values} not stored: ${nameRejections(file, 'implausible')}.`
}

function saySetAside({ setAside }: JobCounts): string | undefined {
  if (setAside === 0) return undefined
  return setAside === 1
    ? '1 value was set aside because another row of the same day or time counts.'
    : `${setAside} values were set aside because other rows of the same day or time count.`
}

function* saySuccession({ replaced, remaining }: Succession): Generator<string> {
  for (const { fileName, removed } of replaced) {
    if (removed === 0) continue
    const left =
      removed === 1
        ? '1 value, which this file leaves out, no longer counts'
        : `${removed} values, which this file leaves out, no longer count`
    yield `It replaces "${fileName}", of which ${left}. Undo this upload if that is wrong.`
  }
  const [first, ...others] = remaining
  if (!first) return
  const days = first.days === 1 ? '1 day' : `${first.days} days`
  yield `An older upload, "${first.fileName}", still provides ${days} that this file leaves out. Undo it if this file replaces it.`
  if (others.length > 0)
    yield others.length === 1 ? 'So does 1 other upload.' : `So do ${others.length} other uploads.`
}

function nameRejections({ rejections, rejected }: StagedFile, wanted: Rejected['code']): string {
  const reasons = rejections
    .filter(({ code }) => code === wanted)
    .slice(0, namedRejections)
    .map(({ path, reason }) =>
      toStorableText(`${path === undefined ? '' : `${path}: `}${reason.replace(/\.$/, '')}`),
    )
  const more = rejected[wanted] - reasons.length
  return [...reasons, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}
