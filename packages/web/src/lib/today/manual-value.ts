import type { DailyValue, ManualType } from '@tributary/engine'

/** What was typed, as it is stored (`null`: nothing), or a sentence on what is wrong with it. */
export type Parsed = { value: number | string | null } | { fault: string }

/** Reads what a person typed for a value of a type. */
export function parseManual(type: ManualType, text: string): Parsed {
  const written = text.trim()
  if (written === '') return { value: null }
  if (type === 'text') return { value: written }
  if (type === 'duration') return parseDuration(written)
  if (type === 'time') return parseTime(written)
  if (type === 'yes-no') return { value: written === 'yes' ? 1 : 0 }
  return parseNumber(written)
}

/** Writes a stored value as a person would type it. */
export function writeManual(type: ManualType, value: DailyValue): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (type === 'yes-no') return value === 0 ? 'no' : 'yes'
  if (type === 'duration') {
    const minutes = Math.round(value / 60)
    return `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}`
  }
  if (type === 'time') {
    const ofDay = ((Math.floor(value) % 1440) + 1440) % 1440
    return `${twoDigits(Math.floor(ofDay / 60))}:${twoDigits(ofDay % 60)}`
  }
  return String(value)
}

function parseNumber(text: string): Parsed {
  const thousands = /^[-−]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)
  const plain = (thousands ? text.replaceAll(',', '') : text.replace(',', '.')).replace('−', '-')
  if (!/^-?(\d+(\.\d*)?|\.\d+)$/.test(plain)) return { fault: 'Enter a number such as 7 or 7.5.' }
  return { value: Number(plain) }
}

function parseDuration(text: string): Parsed {
  const [, clockHours, clockMinutes] = /^(\d{1,3}):([0-5]\d)$/.exec(text) ?? []
  if (clockHours !== undefined) return { value: (Number(clockHours) * 60 + Number(clockMinutes)) * 60 }
  const [whole, hours, minutes] =
    /^(?:(\d{1,3})\s*h(?:ours?)?)?\s*(?:(\d{1,4})\s*m?(?:in(?:utes?)?)?)?$/i.exec(text) ?? []
  const hasUnit = /[a-z]/i.test(text)
  if (whole === undefined || !hasUnit) return { fault: 'Enter hours and minutes such as 1:30.' }
  return { value: (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 }
}

function parseTime(text: string): Parsed {
  const [, hours, minutes] = /^([01]?\d|2[0-3])[:.]([0-5]\d)$/.exec(text) ?? []
  if (hours === undefined) return { fault: 'Enter a time of day such as 06:55.' }
  return { value: Number(hours) * 60 + Number(minutes) }
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
