import type { Seam } from '../contract/engine.ts'

/** Shorter stretches within those of one other source are days filled in, not a seam and another back. */
const leastDays = 7

/**
 * Finds where a merged series goes over from one source to the next. `days`: those with a value, oldest first, each with the
 * source that it is of. The first source, the seams and the days filled in say together what `days` says.
 */
export function findSeams(days: { date: string; source: string }[]): {
  seams: Seam[]
  filled: { date: string; source: string }[]
} {
  const seams: Seam[] = []
  const filled: { date: string; source: string }[] = []
  const stretches = cutStretches(days)
  let speaks = stretches[0]?.[0]?.source
  for (const [index, stretch] of stretches.entries()) {
    const [first] = stretch
    if (!first || speaks === undefined || first.source === speaks) continue
    const goesBack = stretches[index + 1]?.[0]?.source === speaks
    if (goesBack && stretch.length < leastDays) {
      filled.push(...stretch)
      continue
    }
    seams.push({ day: first.date, from: speaks, to: first.source })
    speaks = first.source
  }
  return { seams, filled }
}

/** Cuts days into the longest stretches of one source. */
function cutStretches<Day extends { source: string }>(days: Day[]): Day[][] {
  const stretches: Day[][] = []
  for (const day of days) {
    const last = stretches.at(-1)
    if (last?.[0]?.source === day.source) last.push(day)
    else stretches.push([day])
  }
  return stretches
}
