import type { Field } from '@tributary/plugin-sdk'

/** A series, as records name it. */
export interface SeriesName {
  field: string
  dimension: string
  origin: string
}

/** Gives each series that records name its position in a list. */
export function seriesNames(fields: Record<string, Field>) {
  const list: SeriesName[] = []
  const positions = new Map<string, number>()
  let last = { id: '', dimension: '', origin: '', series: -1, field: undefined as Field | undefined }
  return {
    list,
    find(id: string, dimension: string, origin: string): { series: number; field: Field } {
      if (last.field && last.id === id && last.dimension === dimension && last.origin === origin)
        return last as { series: number; field: Field }
      const field = Object.hasOwn(fields, id) ? fields[id] : undefined
      if (!field) throw new TypeError(`there is no field "${id}"`)
      const key = JSON.stringify([id, dimension, origin])
      let series = positions.get(key)
      if (series === undefined) {
        series = list.push({ field: id, dimension, origin }) - 1
        positions.set(key, series)
      }
      last = { id, dimension, origin, series, field }
      return { series, field }
    },
  }
}
