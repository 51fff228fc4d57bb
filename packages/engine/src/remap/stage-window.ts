import { type Answer, type BaseIntegrationHandler, importErrorCode } from '@tributary/plugin-sdk'
import { describePluginError } from '../runtime/describe-error.ts'
import { checkPages } from '../values/check-pages.ts'
import { filledDays } from '../values/filled-days.ts'
import { tooManyRejected } from '../values/too-many-rejected.ts'
import { readPage } from '../archive/read-page.ts'
import { stagePages } from '../values/stage-pages.ts'
import { expectedOf } from '../values/stage-records.ts'
import type { Parts } from '../parts.ts'
import { mapPages } from '../sources/call-plugin.ts'
import type { RemapWindow } from './plan-remap.ts'
import type { StagedWindow } from '../values/staged-window.ts'

/** A window as the plugin's mapping of today reads its stored answers. */
export interface Reread {
  window: StagedWindow
  filled: string[]
  tooManyRejected: boolean
}

/** Reads the stored answers of one window again; `undefined` where they cannot be read any more. */
export async function stageWindow(
  { database, log }: Pick<Parts, 'database' | 'log'>,
  userId: string,
  handler: BaseIntegrationHandler,
  { stream, dataType, from, to, fetchId, zone }: RemapWindow,
  keepEvery: Record<string, number>,
): Promise<Reread | undefined> {
  const { plugin } = handler
  const declared = plugin.streams[stream]
  if (!declared) return undefined
  const stored = await database.asUser(userId, async (db) => {
    const pages: Answer[] = []
    for (let page = 0; ; page++) {
      const body = await readPage(db, fetchId, page)
      if (!body) break
      pages.push(JSON.parse(body.toString('utf8')))
    }
    // Read last: pages that go meanwhile would read as an answer without records.
    const asked = await db
      .selectFrom('fetches')
      .select(['from_day as from', 'to_day as to'])
      .where('id', '=', fetchId)
      .where('pages_removed_at', 'is', null)
      .executeTakeFirst()
    return asked && { pages, asked }
  })
  if (!stored) return undefined
  const { pages, asked } = stored
  try {
    const window = { stream, dataType, from, to }
    const checked = await checkPages(plugin, declared, pages, { dataType, ...asked, zone })
    const staged = await stagePages(handler, { window, zone, keepEvery }, checked, (answers) =>
      mapPages(handler, stream, answers, { dataType, ...asked, zone }),
    )
    const { fields } = expectedOf(plugin, window, zone)
    const reread = { fields, from, to, staged, confirmed: true }
    return { window: reread, filled: filledDays(reread, zone), tooManyRejected: tooManyRejected(staged) }
  } catch (error) {
    if (importErrorCode(error) === undefined) throw error
    if (importErrorCode(error) === 'plugin-failed') {
      const cause = describePluginError((error as Error).cause)
      log.error({ source: plugin.id, stream, fetch: fetchId, cause }, 'a plugin failed')
    }
    return undefined
  }
}
