/**
 * How a series is told from the others: colour, dash and mark together. The marks of all but the first are hollow and larger, so
 * that those of equal values are all seen.
 */
export interface SeriesLook {
  stroke: string
  fill: string
  dash: string | undefined
  hollow: boolean
  /** A path around 0, 0 in pixels. */
  mark: string
}

const looks: [SeriesLook, ...SeriesLook[]] = [
  {
    stroke: 'stroke-stream',
    fill: 'fill-stream',
    dash: undefined,
    hollow: false,
    mark: 'M-3 0a3 3 0 1 0 6 0 3 3 0 1 0-6 0',
  },
  {
    stroke: 'stroke-series-2',
    fill: 'fill-series-2',
    dash: '7 4',
    hollow: true,
    mark: 'M-3.500-3.500h7v7h-7z',
  },
  {
    stroke: 'stroke-series-3',
    fill: 'fill-series-3',
    dash: '2 4',
    hollow: true,
    mark: 'M0-6 5.500 4h-11z',
  },
  {
    stroke: 'stroke-series-4',
    fill: 'fill-series-4',
    dash: '9 4 2 4',
    hollow: true,
    mark: 'M0-7 7 0 0 7-7 0z',
  },
]

/** The look of a series by its place in the legend. */
export function seriesLook(position: number): SeriesLook {
  return looks[position % looks.length] ?? looks[0]
}
