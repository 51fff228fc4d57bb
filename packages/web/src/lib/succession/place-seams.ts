import type { Slot } from '../chart/slots.ts'
import { countDays } from '../days.ts'
import type { NamedSeam } from './name-succession.ts'
import { seamLabel } from './succession-words.ts'

/** A seam as it is drawn: `x` in per cent of the plot's width from the left. */
export interface DrawnSeam {
  day: string
  x: number
  /** `null` where there is no room for it. */
  label: string | null
}

const mostLabels = 3

/** Where seams lie between slots, or within one that is a week; one before the second day is not seen. */
export function placeSeams(seams: NamedSeam[], slots: Slot[]): DrawnSeam[] {
  const drawn = seams.flatMap((seam) => {
    const { day } = seam
    const index = slots.findIndex(({ from, to }) => from <= day && day <= to)
    const slot = slots[index]
    if (!slot || day === slots[0]?.from) return []
    const within = countDays(slot.from, day) / (countDays(slot.from, slot.to) + 1)
    return [{ day, x: ((index + within) / slots.length) * 100, label: seamLabel(seam) }]
  })
  return drawn.length > mostLabels ? drawn.map((seam) => ({ ...seam, label: null })) : drawn
}
