import { describe, expect, it } from 'vitest'
import { addDays } from '../days.ts'
import { chartModel } from './chart-model.ts'
import { slotText } from './chart-words.ts'
import { noValue } from './slots.ts'

const steps = { type: 'number', unit: '{steps}', kind: 'steps' } as const
const bedTime = { type: 'time', unit: null, kind: 'bed-time' } as const
const days = (count: number) => Array.from({ length: count }, (_, index) => addDays('2026-01-01', index))
const series = (values: (number | null)[], name = 'one.steps', open: number[] = []) => ({
  name,
  label: name,
  values,
  soFar: values.map((_, index) => open.includes(index)),
})

describe('a chart', () => {
  it('has a bar for each day with a value, zero too, and none for a day without', () => {
    const model = chartModel('Steps', steps, days(3), [series([0, null, 8000])])
    expect(model?.series[0]).toMatchObject({ shape: 'bars', points: [{ index: 0, y: 100 }, { index: 2 }] })
    expect(model?.description).toMatch(/^Bar chart of Steps, 1\s–\s3 Jan 2026\. .* 1 day has no value\.$/)
  })

  it('draws sources of the same kind as lines over it, on one axis', () => {
    const model = chartModel('Steps', steps, days(2), [series([1, 2]), series([10, 30], 'two.steps')])
    expect(model?.series.map(({ shape }) => shape)).toEqual(['bars', 'line'])
    expect(model?.scale.high).toBeGreaterThanOrEqual(30)
  })

  it('has a point per week where days are many: the mean of those with a value, a gap where none has', () => {
    const values = Array.from({ length: 364 }, (_, day) =>
      day < 7 ? null : day < 8 ? 100 : day < 14 ? null : 50,
    )
    const model = chartModel('Steps', steps, days(364), [series(values)])
    expect(model?.slots).toHaveLength(52)
    expect(model?.series[0]?.slots.slice(0, 3)).toMatchObject([
      { value: null, days: 0 },
      { value: 100, days: 1 },
      { value: 50, days: 7 },
    ])
  })

  it('is a line for times, which does not begin at zero', () => {
    const model = chartModel('Bed time', bedTime, days(2), [series([-60, 30])])
    expect(model?.series[0]?.shape).toBe('line')
    expect(model?.description).toContain('earliest 23:00 on 1 Jan 2026')
  })

  it('is none where there is nothing to draw', () => {
    expect(chartModel('Steps', steps, days(2), [series([null, null])])).toBeNull()
    const words = { type: 'text', unit: null, kind: null } as const
    expect(
      chartModel('Mood', words, days(1), [{ name: 'a.b', label: 'a', values: ['good'], soFar: [false] }]),
    ).toBeNull()
  })

  it('draws a day that is not over as so far, and leaves it out of average, lowest and the mean of its week', () => {
    const model = chartModel('Steps', steps, days(3), [series([6000, 8000, 188], 'one.steps', [2])])
    expect(model?.series[0]?.slots[2]).toEqual({ value: 188, days: 1, soFar: true })
    expect(model?.description).toContain('Average 7,000 steps, lowest 6,000 steps on 1 Jan 2026')
    const values = Array.from({ length: 364 }, (_, day) => (day === 363 ? 188 : 7000))
    const year = chartModel('Steps', steps, days(364), [series(values, 'one.steps', [363])])
    expect(year?.series[0]?.slots.at(-1)).toEqual({ value: 7000, days: 6, soFar: false })
    const alone = chartModel('Steps', steps, days(1), [series([188], 'one.steps', [0])])
    expect(alone?.description).toContain('No finished day has a value.')
  })

  it('draws times around midnight beside each other, with averages, weeks and extremes of the clock', () => {
    const times = [1410, 30, 1420, 20, 1430, 10]
    const model = chartModel('Bed time', bedTime, days(6), [series(times)])
    expect((model?.scale.high ?? 0) - (model?.scale.low ?? 0)).toBeLessThanOrEqual(120)
    expect(model?.description).toContain(
      'Average 00:00, earliest 23:30 on 1 Jan 2026, latest 00:30 on 2 Jan 2026',
    )
    const year = Array.from({ length: 364 }, (_, day) => times[day % 2] ?? 0)
    const weeks = chartModel('Bed time', bedTime, days(364), [series(year)])
    const text = weeks?.slots.map((slot, index) =>
      slotText(weeks.series[0]?.slots[index] ?? noValue, slot, bedTime),
    )
    // Four of one and three of the other.
    expect(new Set(text)).toEqual(new Set(['23:55', '00:04']))
  })
})
