import { countDateFormats } from './guess-date-format.ts'
import { isNone } from './is-none.ts'

const exact = /^(date|day|datum|tag|jour|fecha|data|dag|timestamp|datetime|date ?time|zeitstempel)$/i
const near = /date|day|datum|tag|jour|fecha|time|zeit|stamp/i

/** Which column holds the dates: the one with the most of them, where names help to choose. */
export function guessDateColumn(header: readonly string[], rows: readonly string[][]): number | undefined {
  const scores = header.map((name, at) => {
    if (!name) return 0
    const filled = rows.map((cells) => cells[at] ?? '').filter((cell) => !isNone(cell))
    const dates = Math.max(...countDateFormats(filled).values())
    if (dates * 2 <= filled.length) return 0
    return dates / rows.length + (exact.test(name) ? 0.2 : near.test(name) ? 0.1 : 0)
  })
  const best = Math.max(0, ...scores)
  return best > 0 ? scores.indexOf(best) : undefined
}
