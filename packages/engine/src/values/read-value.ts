import type { Field, FieldValue } from '@tributary/plugin-sdk'

const decimal = /^\s*[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i
const clockTime = /^(-?)(\d{1,2}):([0-5]\d)$/
/** Beyond this sums and means of values would leave what a number can hold, and no measure of a person comes near. */
const largest = 1e100

/** Turns a mapped value into its stored form, or `null` where there is none; throws with the reason where it is bad. */
export function readValue(field: Field, value: FieldValue): number | string | null {
  if (value === null || value === undefined || value === '') return null
  if (field.type === 'text') {
    if (typeof value !== 'string') throw new TypeError(`${field.name} is a text`)
    return value
  }
  const number = field.type === 'time' && typeof value === 'string' ? minutes(value) : toNumber(value)
  if (!Number.isFinite(number)) throw new TypeError(`${field.name} is no number`)
  if (Math.abs(number) > largest) throw new TypeError(`${field.name} is larger than any value`)
  if (field.type === 'duration' && number < 0) throw new TypeError(`${field.name} is below zero`)
  if (field.type === 'time' && Math.abs(number) > 48 * 60)
    throw new TypeError(`${field.name} is no time of day`)
  return number
}

function minutes(text: string): number {
  const match = clockTime.exec(text)
  if (!match) return toNumber(text)
  const [, sign, hours, rest] = match
  return (sign ? -1 : 1) * (Number(hours) * 60 + Number(rest))
}

/** A number, or a text that says one in decimals; nothing else that JavaScript would take for one, such as `[]` or `true`. */
function toNumber(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && decimal.test(value) ? Number(value) : NaN
}
