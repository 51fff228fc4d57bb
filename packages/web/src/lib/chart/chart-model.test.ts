import { describe, expect, it } from 'vitest'
import { addDays } from '../days.ts'
import { chartModel } from './chart-model.ts'

const steps = { type: 'number', unit: '{steps}', kind: 'steps' } as const
const bedTime = { type: 'time', unit: null, kind: 'bed-time' } as const
const days = (count: number) => Array.from({ length: count }, (_, index) => addDays('2026-01-01', index))
const series = (values: (number | null)[], name = 'one.steps') => ({ name, label: name, values })

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
    expect(model?.series[0]?.values.slice(0, 3)).toEqual([null, 100, 50])
    expect(model?.series[0]?.counts.slice(0, 3)).toEqual([0, 1, 7])
  })

  it('is a line for times, which does not begin at zero', () => {
    const model = chartModel('Bed time', bedTime, days(2), [series([-60, 30])])
    expect(model?.series[0]?.shape).toBe('line')
    expect(model?.description).toContain('earliest 23:00 on 1 Jan 2026')
  })

  it('is none where there is nothing to draw', () => {
    expect(chartModel('Steps', steps, days(2), [series([null, null])])).toBeNull()
    const words = { type: 'text', unit: null, kind: null } as const
    expect(chartModel('Mood', words, days(1), [{ name: 'a.b', label: 'a', values: ['good'] }])).toBeNull()
  })
})
