import { describe, expect, it } from 'vitest'
import { formatValue, valueText } from './format-value.ts'

const duration = { type: 'duration', unit: null, kind: 'sleep-duration' } as const
const time = { type: 'time', unit: null, kind: 'bed-time' } as const
const number = (unit: string, kind: string | null = null) => ({ type: 'number', unit, kind }) as const

describe('a value written for people', () => {
  it('is nothing where there is none, and never 0', () => {
    expect(formatValue(null, duration)).toBeNull()
    expect(valueText(null, number('{steps}'))).toBeNull()
  })

  it.each([
    [27_720, '7 h 42 min'],
    [2_520, '42 min'],
    [0, '0 min'],
    [3_600, '1 h 0 min'],
    [3_599, '1 h 0 min'],
  ])('has hours and minutes where it is a duration (%d)', (seconds, text) => {
    expect(valueText(seconds, duration)).toBe(text)
  })

  it.each([
    [415, '06:55', null],
    [0, '00:00', null],
    [-30, '23:30', 'the evening before'],
    [-1440, '00:00', 'the evening before'],
    [1450, '00:10', 'the next day'],
    [-0.5, '23:59', 'the evening before'],
  ])('is a time on the clock, with the day where it is another (%d)', (minutes, text, note) => {
    expect(valueText(minutes, time)).toBe(text)
    expect(formatValue(minutes, time)?.note).toBe(note)
  })

  it('has the unit that people use', () => {
    expect(valueText(8421, number('{steps}'))).toBe('8,421 steps')
    expect(valueText(58, number('/min', 'resting-heart-rate'))).toBe('58 bpm')
    expect(valueText(14.25, number('/min', 'breathing-rate'))).toBe('14.3 breaths/min')
    expect(valueText(3, number('/min'))).toBe('3 per min')
    expect(valueText(72.44, number('kg'))).toBe('72.4 kg')
    expect(valueText(5.456, number('km'))).toBe('5.46 km')
    expect(valueText(81, number('{score}'))).toBe('81')
    expect(valueText(0, number('{steps}'))).toBe('0 steps')
  })

  it('drops the unit on request, save for a duration, which needs it', () => {
    expect(valueText(8421, number('{steps}'), false)).toBe('8,421')
    expect(valueText(27_720, duration, false)).toBe('7 h 42 min')
  })

  it('is yes or no where that was the question', () => {
    const answer = { type: 'yes-no', unit: null, kind: null } as const
    expect(valueText(1, answer)).toBe('Yes')
    expect(valueText(0, answer)).toBe('No')
    expect(valueText(null, answer)).toBeNull()
  })

  it('is a text as it stands', () => {
    expect(valueText('restful', { type: 'text', unit: null, kind: null })).toBe('restful')
  })
})
