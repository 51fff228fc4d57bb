/** Measurements in columns, so that a million of them take a few dozen megabytes. Times are milliseconds since 1970. */
export class MeasurementColumns {
  length = 0
  /** Positions in a list of series that its owner keeps. */
  series = new Int32Array(64)
  start = new Float64Array(64)
  end = new Float64Array(64)
  value = new Float64Array(64)
  /** Per series: its last start, and whether its starts so far rose (1) or fell (-1); 0: neither alone. */
  #last: { start: number; direction: number }[] = []
  #mixed = false

  add(series: number, start: number, end: number, value: number): void {
    if (this.length === this.start.length) this.#grow()
    const at = this.length++
    this.series[at] = series
    this.start[at] = start
    this.end[at] = end
    this.value[at] = value
    this.#follow(series, start)
  }

  /** Visits each measurement, in the order in which they came. */
  each(visit: (series: number, start: number, end: number, value: number) => void): void {
    const { series, start, end, value } = this
    for (let at = 0; at < this.length; at++)
      visit(series[at] ?? 0, start[at] ?? 0, end[at] ?? 0, value[at] ?? 0)
  }

  /** Drops all but the last of those that have the same series and start. */
  makeDistinct(): void {
    if (!this.#mixed) return
    const { series, start } = this
    const of = (column: Int32Array | Float64Array, at: number) => column[at] ?? 0
    const order = Uint32Array.from({ length: this.length }, (_, at) => at).sort(
      (a, b) => of(series, a) - of(series, b) || of(start, a) - of(start, b) || a - b,
    )
    const kept = order.filter((at, place) => {
      const next = order[place + 1]
      return next === undefined || series[next] !== series[at] || start[next] !== start[at]
    })
    const keep = (column: Float64Array) => Float64Array.from(kept, (at) => column[at] ?? 0)
    this.series = Int32Array.from(kept, (at) => series[at] ?? 0)
    this.start = keep(start)
    this.end = keep(this.end)
    this.value = keep(this.value)
    this.length = kept.length
    this.#mixed = false
  }

  /** Records that come in order, as nearly all do, need no look for doubles. */
  #follow(series: number, start: number): void {
    const last = this.#last[series]
    if (!last) {
      this.#last[series] = { start, direction: 0 }
      return
    }
    const direction = Math.sign(start - last.start)
    if (direction === 0 || (last.direction !== 0 && direction !== last.direction)) this.#mixed = true
    last.start = start
    last.direction = direction
  }

  #grow(): void {
    const size = this.start.length * 2
    const grown = <Column extends Int32Array | Float64Array>(column: Column, larger: Column): Column => {
      larger.set(column)
      return larger
    }
    this.series = grown(this.series, new Int32Array(size))
    this.start = grown(this.start, new Float64Array(size))
    this.end = grown(this.end, new Float64Array(size))
    this.value = grown(this.value, new Float64Array(size))
  }
}
