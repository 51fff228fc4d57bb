import type { Answer, BaseIntegrationHandler, MappedRecords, Window } from '@tributary/plugin-sdk'
import { readPlugin } from '../sources/call-plugin.ts'
import { nameOfDataType } from '../sources/data-types.ts'
import { followPages } from '../archive/follow-pages.ts'
import { expectedOf, type Staged, stageRecords } from './stage-records.ts'
import { thin } from './downsample.ts'

export interface StagedFor {
  window: Window
  zone: string
  /** Seconds of which one measurement is kept, by stream. */
  keepEvery: Record<string, number>
}

/** Maps the pages of one fetch and checks what comes of it. */
export async function stagePages(
  { plugin }: BaseIntegrationHandler,
  { window, zone, keepEvery }: StagedFor,
  answers: Answer[],
  map: (pages: Answer[]) => MappedRecords,
): Promise<Staged> {
  const { pages, current } = followPages(answers)
  const expected = expectedOf(plugin, window, zone)
  const records = readPlugin(plugin.name, `reading ${nameOfDataType(plugin, window)}`, () => map(pages))
  const staged = await stageRecords({ ...expected, page: current }, records)
  const seconds = keepEvery[window.stream]
  return seconds ? thin(staged, expected.fields, seconds) : staged
}
