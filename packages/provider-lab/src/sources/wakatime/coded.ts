import type { CodingBlock } from '../../person/coding.ts'
import { addDays, eachDate, localDay } from '../../person/local-day.ts'
import type { Uploaded } from '../../person/uploaded.ts'

export type Dimension = 'project' | 'language' | 'editor' | 'category'

/** The blocks of a zone's day, cut at its midnights and at this moment: editors report as one types. */
export function codedOn({ person, now }: Uploaded, date: string, zone: string): CodingBlock[] {
  const day = localDay(date, zone)
  const [from, to] = [day.start * 60_000, Math.min(day.end * 60_000, now)]
  return [...eachDate(addDays(date, -2), addDays(date, 1))]
    .flatMap((homeDate) => person.coding(homeDate))
    .map((block) => ({ ...block, start: Math.max(block.start, from), end: Math.min(block.end, to) }))
    .filter(({ start, end }) => start < end)
}

/** Seconds, exact to the millisecond. */
export function secondsOf(blocks: readonly CodingBlock[]): number {
  return blocks.reduce((sum, { start, end }) => sum + end - start, 0) / 1000
}

/** Seconds by project, language and so on, the most first. */
export function secondsBy(blocks: readonly CodingBlock[], dimension: Dimension): Map<string, number> {
  const names = [...new Set(blocks.map((block) => block[dimension]))]
  const seconds = names.map((name): [string, number] => [
    name,
    secondsOf(blocks.filter((block) => block[dimension] === name)),
  ])
  return new Map(seconds.sort(([, one], [, other]) => other - one))
}
