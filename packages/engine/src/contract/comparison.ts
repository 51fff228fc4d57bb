/** A day from which another source speaks for a kind; `from` and `to` are ids of sources. */
export interface Seam {
  day: string
  from: string
  to: string
}

/**
 * A day that both sources have: `difference` is `other` less `one`, in the unit that both are stored in; of times of day the
 * shorter way around the clock.
 */
export interface ComparedDay {
  date: string
  one: number
  other: number
  difference: number
}

/** Two sources' own metrics of one kind, on the days that both have. */
export interface Comparison {
  /** Their names, `pluginId.fieldId`: first that of a retired source, else of the one that goes first. */
  one: string
  other: string
  /** Oldest first. */
  days: ComparedDay[]
  meanDifference: number
  meanAbsoluteDifference: number
  /** The same in per cent of the mean of `one`; `null` for times and where that mean is zero. */
  meanPercent: number | null
  meanAbsolutePercent: number | null
  /** At most ten days that differ, the largest difference first. */
  largest: ComparedDay[]
}

/** How the sources of a kind follow each other, and how far they agree. */
export interface Succession {
  /** Oldest first. */
  seams: Seam[]
  /** Days between seams that another source filled in, oldest first. */
  filled: { date: string; source: string }[]
  /** Each two sources that have days in common. */
  comparisons: Comparison[]
}
