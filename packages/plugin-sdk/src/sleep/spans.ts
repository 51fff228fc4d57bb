/** A stretch of time, in milliseconds since 1970. */
export interface Span {
  start: number
  end: number
}

/** The same time as spans that neither overlap nor touch, in order. */
export function joinSpans(spans: Iterable<Span>): Span[] {
  const joined: Span[] = []
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (end <= start) continue
    const last = joined.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else joined.push({ start, end })
  }
  return joined
}

/** The time of spans that lies in none of the others. */
export function subtractSpans(spans: Iterable<Span>, others: Iterable<Span>): Span[] {
  let rest = joinSpans(spans)
  for (const { start, end } of others) {
    rest = joinSpans(
      rest.flatMap((span) => [
        { start: span.start, end: Math.min(span.end, start) },
        { start: Math.max(span.start, end), end: span.end },
      ]),
    )
  }
  return rest
}

/** The time that two spans share, in milliseconds. */
export function overlapOf(one: Span, other: Span): number {
  return Math.max(0, Math.min(one.end, other.end) - Math.max(one.start, other.start))
}

/** The time of spans, in milliseconds; what they share counts once. */
export function lengthOf(spans: Iterable<Span>): number {
  return joinSpans(spans).reduce((sum, { start, end }) => sum + end - start, 0)
}
