import type { DailyValue } from '@tributary/engine'

/** A line through a row of values in a box: a stroke for each run of days with values, dots for lone ones. */
export interface SparklinePath {
  line: string
  dots: { x: number; y: number }[]
}

/** Draws values, oldest at the left; a day without a value leaves a gap. */
export function sparklinePath(
  values: DailyValue[],
  width: number,
  height: number,
  margin = 3,
): SparklinePath {
  const numbers = values.filter((value) => typeof value === 'number')
  const low = Math.min(...numbers)
  const span = Math.max(...numbers) - low
  const step = values.length > 1 ? (width - 2 * margin) / (values.length - 1) : 0
  const round = (value: number) => Math.round(value * 100) / 100
  const place = (value: number, index: number) => ({
    x: round(margin + index * step),
    y: round(span === 0 ? height / 2 : height - margin - ((value - low) / span) * (height - 2 * margin)),
  })

  const runs: { x: number; y: number }[][] = []
  let open: { x: number; y: number }[] | null = null
  values.forEach((value, index) => {
    if (typeof value !== 'number') {
      open = null
      return
    }
    if (!open) runs.push((open = []))
    open.push(place(value, index))
  })

  return {
    line: runs
      .filter((run) => run.length > 1)
      .map((run) => `M${run.map(({ x, y }) => `${x} ${y}`).join('L')}`)
      .join(''),
    dots: runs.filter((run) => run.length === 1).flat(),
  }
}
