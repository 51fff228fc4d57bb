/** What a benchmark measured, by the keys that docs/performance.md explains. */
export type Figures = Record<string, number | Record<string, number>>

export interface Result {
  name: string
  peakMemoryMb: number
  [figure: string]: string | number | Record<string, number>
}
