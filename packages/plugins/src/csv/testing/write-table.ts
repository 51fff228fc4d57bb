import type { DateFormat } from '../date-formats.ts'
import type { Decimal, Delimiter } from '../mapping.ts'

/** How a program writes its CSV. */
export interface Writing {
  delimiter: Delimiter
  decimal: Decimal
  dateFormat: DateFormat
  /** Between thousands, or nothing. */
  group: string
  quoteAll: boolean
  newLine: '\n' | '\r\n' | '\r'
  encoding: 'utf-8' | 'utf-8 with mark' | 'utf-16le' | 'utf-16be' | 'windows-1252'
}

export function writeTable(rows: readonly (readonly string[])[], writing: Writing): Uint8Array {
  const { delimiter, quoteAll, newLine } = writing
  const cell = (text: string): string =>
    quoteAll || /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text
  return encode(rows.map((cells) => cells.map(cell).join(delimiter) + newLine).join(''), writing.encoding)
}

export function writeNumber(value: number, digits: number, { decimal, group }: Writing): string {
  const [whole = '', fraction] = Math.abs(value).toFixed(digits).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group)
  return `${value < 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : decimal + fraction}`
}

export function writeDate(date: string, format: DateFormat): string {
  if (format.startsWith('unix')) {
    const seconds = String(Date.parse(date) / 1000)
    return format === 'unix-seconds' ? seconds : `${seconds}000`
  }
  const [year = '', month = '', day = ''] = date.split('-')
  return format
    .replace('YYYY', year)
    .replace('YY', year.slice(2))
    .replace('MMM', months[Number(month) - 1] ?? '')
    .replace('MM', month)
    .replace('DD', day)
}

const months = 'Jan February Mar April Mai June Juli août Sept. Okt November dic'.split(' ')

export function encode(text: string, encoding: Writing['encoding']): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text)
  if (encoding === 'utf-8 with mark') return Buffer.from(`\ufeff${text}`)
  if (encoding === 'utf-16le') return Buffer.from(`\ufeff${text}`, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
  return Buffer.from(text.replaceAll('€', '\u0080'), 'latin1')
}
