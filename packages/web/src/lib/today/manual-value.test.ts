import type { ManualType } from '@tributary/engine'
import { describe, expect, it } from 'vitest'
import { parseManual, writeManual } from './manual-value.ts'

describe('a value that a person types', () => {
  it.each<[ManualType, string, number | string]>([
    ['number', '7', 7],
    ['number', '7.5', 7.5],
    ['number', '7,5', 7.5],
    ['number', '8,421', 8421],
    ['number', '-3', -3],
    ['number', '0', 0],
    ['duration', '1:30', 5400],
    ['duration', '0:05', 300],
    ['duration', '7 h 42 min', 27_720],
    ['duration', '7h30', 27_000],
    ['duration', '45 min', 2700],
    ['duration', '2h', 7200],
    ['time', '06:55', 415],
    ['time', '6:55', 415],
    ['time', '00:00', 0],
    ['yes-no', 'yes', 1],
    ['yes-no', 'no', 0],
    ['text', ' calm ', 'calm'],
  ])('of the type %s, %j, is stored as %j', (type, text, value) => {
    expect(parseManual(type, text)).toEqual({ value })
  })

  it.each<ManualType>(['number', 'duration', 'time', 'yes-no', 'text'])(
    'is none where the field is empty (%s)',
    (type) => {
      expect(parseManual(type, '  ')).toEqual({ value: null })
    },
  )

  it.each<[ManualType, string]>([
    ['number', 'many'],
    ['number', '1,2,3'],
    ['duration', '90'],
    ['duration', '1:75'],
    ['duration', 'h'],
    ['time', '25:00'],
    ['time', '7'],
  ])('is refused by a sentence where it makes no sense (%s, %j)', (type, text) => {
    expect(parseManual(type, text)).toEqual({ fault: expect.stringMatching(/^Enter .*\.$/) })
  })

  it.each<[ManualType, number | string | null, string]>([
    ['number', 7.5, '7.5'],
    ['duration', 5400, '1:30'],
    ['duration', 300, '0:05'],
    ['time', 415, '06:55'],
    ['time', -30, '23:30'],
    ['yes-no', 1, 'yes'],
    ['yes-no', 0, 'no'],
    ['text', 'calm', 'calm'],
    ['number', null, ''],
  ])('is shown again as it can be typed (%s, %j)', (type, value, text) => {
    expect(writeManual(type, value)).toBe(text)
  })
})
