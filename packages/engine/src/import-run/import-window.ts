import type {
  Answer,
  ArchivedFetch,
  MappedRecords,
  StagedRecords,
  Window,
  WindowImport,
} from '@tributary/plugin-sdk'
import { timeStep } from '../runtime/time-step.ts'
import { isSameType, nameOfDataType } from '../sources/data-types.ts'
import { checkPages } from '../values/check-pages.ts'
import { confirms } from '../values/confirms-loss.ts'
import { stagePages } from '../values/stage-pages.ts'
import { expectedOf } from '../values/stage-records.ts'
import { type Archived, archiveAnswers } from './archive-answers.ts'
import type { ReadyWindow } from './commit-windows.ts'
import { failWindow } from './fail-window.ts'
import { countRequests, streamOf, type WindowAttempt } from './window-attempt.ts'
import { WindowRecorder } from './window-recorder.ts'

/** The steps of one window, as its plugin takes them. One recorder goes with the window from its first request on. */
export function importWindow(attempt: WindowAttempt, window: Window): WindowImport {
  const recorder = new WindowRecorder()
  return {
    ...window,
    archive: (fetch) => archiveWindow(attempt, window, recorder, fetch),
    async fail(error) {
      countRequests(attempt, window, recorder)
      await failWindow(attempt, window, error)
    },
  }
}

async function archiveWindow(
  attempt: WindowAttempt,
  window: Window,
  recorder: WindowRecorder,
  fetch: () => AsyncIterable<Answer>,
): Promise<ArchivedFetch> {
  const { parts, job, account, zone } = attempt
  const { plugin } = attempt.handler
  const fetchOf = {
    userId: job.user_id,
    jobId: job.id,
    source: { id: plugin.id, name: plugin.name },
    label: nameOfDataType(plugin, window),
    accountId: account.accountId,
    zone,
    window,
  }
  const archived = await recorder.record(() => archiveAnswers(parts.database, fetchOf, fetch, recorder))
  recorder.forgetResponses()
  const { dataType, from, to } = window
  const pages = await checkPages(plugin, streamOf(attempt, window), archived.pages, {
    dataType,
    from,
    to,
    zone,
  })
  return {
    pages,
    stage: (map) => stageWindow(attempt, window, recorder, { ...archived, pages }, map),
  }
}

async function stageWindow(
  attempt: WindowAttempt,
  window: Window,
  { requests, bytes }: WindowRecorder,
  { fetchId, pages }: Archived,
  map: (pages: Answer[]) => MappedRecords,
): Promise<StagedRecords> {
  const { handler, connection, zone, suspicious, queue } = attempt
  const staged = await timeStep('map', () =>
    stagePages(handler, { window, zone, keepEvery: connection.keep_every }, pages, map),
  )
  const stream = streamOf(attempt, window)
  const first = suspicious.find((other) => isSameType(other, window) && other.from === window.from)
  const { stream: name, dataType, from, to } = window
  const ready: ReadyWindow = {
    stream: name,
    dataType,
    from,
    to,
    fields: expectedOf(handler.plugin, window, zone).fields,
    settlesAfterDays: stream.settlesAfterDays,
    fetchId,
    counts: { pages: pages.length, requests, bytes },
    staged,
    isSecondResponse: first !== undefined,
    confirmed: first !== undefined && confirms(staged, first.staged, stream),
  }
  return { commit: () => queue.add(ready) }
}
