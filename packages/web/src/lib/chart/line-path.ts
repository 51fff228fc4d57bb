/** A point in the plot, in per cent of its width from the left and of its height from the top. */
export interface Point {
  /** Which slot it is the value of. */
  index: number
  x: number
  y: number
}

/** Where values lie in the plot, each in the middle of its slot; a slot without a value has no point. */
export function placePoints(
  values: (number | null)[],
  { low, high }: { low: number; high: number },
): Point[] {
  return values.flatMap((value, index) => {
    if (value === null) return []
    const x = slotMiddle(index, values.length)
    return [{ index, x, y: round(high === low ? 50 : ((high - value) / (high - low)) * 100) }]
  })
}

/** The middle of a slot, in per cent of the plot's width. */
export function slotMiddle(index: number, count: number): number {
  return round(((index + 0.5) / count) * 100)
}

/** A line through points, broken wherever a slot lies between two; a lone point has none. */
export function linePath(points: Point[]): string {
  const runs: Point[][] = []
  let before: Point | undefined
  for (const point of points) {
    if (before?.index !== point.index - 1) runs.push([])
    runs.at(-1)?.push(point)
    before = point
  }
  return runs
    .filter((run) => run.length > 1)
    .map((run) => `M${run.map(({ x, y }) => `${x} ${y}`).join('L')}`)
    .join('')
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
