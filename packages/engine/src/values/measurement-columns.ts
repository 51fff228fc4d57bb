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

  /** Where the measurements of each series stand, by start; none stands twice once they are distinct. */
  ordersBySeries(): Map<number, Uint32Array> {
    const counts: number[] = []
    for (let at = 0; at < this.length; at++) {
      const series = this.series[at] ?? 0
      counts[series] = (counts[series] ?? 0) + 1
    }
    const orders = new Map<number, Uint32Array>()
    counts.forEach((count, series) => orders.set(series, new Uint32Array(count)))
    const filled = new Uint32Array(counts.length)
    for (let at = 0; at < this.length; at++) {
      const series = this.series[at] ?? 0
      const place = filled[series] ?? 0
      orders.get(series)?.fill(at, place, place + 1)
      filled[series] = place + 1
    }
    // Distinct measurements of a series rise or fall.
    for (const order of orders.values())
      if ((this.start[order[0] ?? 0] ?? 0) > (this.start[order.at(-1) ?? 0] ?? 0)) order.reverse()
    return orders
  }

  /** Drops all but the last of those that have the same series and start. Returns how many of the dropped ones differ from it. */
  makeDistinct(): number {
    if (!this.#mixed) return 0
    const { series, start, end, value } = this
    const of = (column: Int32Array | Float64Array, at: number) => column[at] ?? 0
    const order = Uint32Array.from({ length: this.length }, (_, at) => at).sort(
      (a, b) => of(series, a) - of(series, b) || of(start, a) - of(start, b) || a - b,
    )
    let different = 0
    const kept = order.filter((at, place) => {
      const next = order[place + 1]
      if (next === undefined || series[next] !== series[at] || start[next] !== start[at]) return true
      if (end[next] !== end[at] || value[next] !== value[at]) different += 1
      return false
    })
    const keep = (column: Float64Array) => Float64Array.from(kept, (at) => column[at] ?? 0)
    this.series = Int32Array.from(kept, (at) => series[at] ?? 0)
    this.start = keep(start)
    this.end = keep(end)
    this.value = keep(value)
    this.length = kept.length
    this.#mixed = false
    return different
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
