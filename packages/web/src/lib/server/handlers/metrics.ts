import type { Groups } from '@tributary/api'
import type { IncompleteValue, MetricForm } from '@tributary/engine'
import { isDay } from '@tributary/api/civil-day'
import { engine } from '../engine.ts'
import { openLargeAnswer, streamList } from '../large-answers.ts'
import type { Handlers } from './handler.ts'

const rawTypes = { json: 'application/json', plain: 'text/plain; charset=utf-8' }

export const metricHandlers: Handlers<Groups['Metrics']> = {
  async readDailyValues({ user, query: { from, to, metrics } }) {
    const incomplete: IncompleteValue[] = []
    const forms: Record<string, MetricForm> = {}
    async function* days() {
      const range = { from, to, ...(metrics && { metrics }) }
      for await (const part of engine().metrics.dailyInParts(user.id, range)) {
        incomplete.push(...part.incomplete)
        Object.assign(forms, part.metrics)
        yield part.days
      }
    }
    const close = openLargeAnswer(user.id)
    return streamList('days', days(), close, () => ({ metrics: forms, incomplete }))
  },
  readSplitValues: ({ user, query }) => engine().metrics.split(user.id, query),
  listChanges({ user, query: { since, ...others } }) {
    const moment = since !== undefined && isDay(since) ? startOf(since, user.timeZone) : since
    return engine().metrics.changes(user.id, { ...others, since: moment })
  },
  compareSources: ({ user, query }) => engine().metrics.compare(user.id, query),
  explainValue: ({ user, query }) => engine().metrics.explain(user.id, query),
  async lookAtDay({ user, body }) {
    return { onTheWay: await engine().metrics.look(user.id, body.date) }
  },
  async enterValue({ user, body }) {
    await engine().metrics.enter(user.id, body)
    return { success: true }
  },
  /** Text is shown, of whatever form; anything else is saved as a file. */
  async readRawPage({ user, params: { fetch, page } }) {
    const { body, text } = await engine().metrics.rawPage(user.id, { fetch, page: Number(page) })
    return new Response(Uint8Array.from(body), {
      headers: {
        'content-type': text === null ? 'application/octet-stream' : rawTypes[text],
        'content-disposition': `${text === null ? 'attachment' : 'inline'}; filename="${fetch}-${page}${text === 'json' ? '.json' : ''}"`,
      },
    })
  },
}

const startOf = (day: string, timeZone: string) =>
  Temporal.PlainDate.from(day).toZonedDateTime(timeZone).toInstant().toString()
