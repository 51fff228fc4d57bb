import { isDate } from '../../person/local-day.ts'
import { civilText } from './civil.ts'
import { inFilters } from './data-types.ts'
import type { DataType } from './data-types.ts'
import type { PointRecord } from './record.ts'
import { invalid } from './refusals.ts'

/** A filter that was read: which points pass, and between which of the person's days they must lie. */
export interface Filter {
  passes(point: PointRecord): boolean
  readonly from: string | undefined
  readonly to: string | undefined
}

interface Moment {
  readonly zone: string
  /** Seconds from the epoch. */
  readonly now: number
}

/** Physical times are compared as seconds, civil times and dates as text. */
type Value = number | string
type Form = 'timestamp' | 'civil' | 'date'

interface Member {
  readonly form: Form
  readonly read: (point: PointRecord, moment: Moment) => Value
}

const MEMBERS: Record<string, Member> = {
  'interval.start_time': { form: 'timestamp', read: ({ start }) => start },
  'interval.civil_start_time': { form: 'civil', read: ({ start }, { zone }) => civilText(start, zone) },
  // A session that goes on is taken to end now.
  'interval.end_time': { form: 'timestamp', read: ({ end }, { now }) => end ?? now },
  'interval.civil_end_time': { form: 'civil', read: ({ end }, { now, zone }) => civilText(end ?? now, zone) },
  'sample_time.physical_time': { form: 'timestamp', read: ({ start }) => start },
  'sample_time.civil_time': { form: 'civil', read: ({ start }, { zone }) => civilText(start, zone) },
  date: { form: 'date', read: ({ date = '' }) => date },
}

const ALLOWED: Record<DataType['kind'], readonly string[]> = {
  interval: ['interval.start_time', 'interval.civil_start_time'],
  sample: ['sample_time.physical_time', 'sample_time.civil_time'],
  daily: ['date'],
  session: ['interval.civil_start_time'],
}
const ALLOWED_FOR_SLEEP = ['interval.end_time', 'interval.civil_end_time']

/** Reads the part of AIP-160 that there is: `member >= "literal"` and `member < "literal"`, joined by `AND`. */
export function readFilter(text: string | null, type: DataType, moment: Moment): Filter {
  const parts = text ? text.trim().split(/\s+AND\s+/) : []
  const comparisons = parts.map((part) => readComparison(part, type))
  const days = (operator: string) =>
    comparisons.filter((each) => each.operator === operator).map(({ literal }) => dayOf(literal, moment.zone))
  return {
    passes: (point) =>
      comparisons.every(({ member, operator, literal }) => {
        const value = member.read(point, moment)
        return operator === '<' ? value < literal : value >= literal
      }),
    from: days('>=').sort().at(-1),
    to: days('<').sort()[0],
  }
}

function readComparison(text: string, type: DataType): { member: Member; operator: string; literal: Value } {
  const [, path = '', operator = '', literal = ''] = /^([\w.]+)\s*(>=|<)\s*"([^"]*)"$/.exec(text.trim()) ?? []
  if (!path) throw invalid('INVALID_DATA_POINT_FILTER', `Invalid filter expression: ${text}`)
  const prefix = `${inFilters(type)}.`
  if (!path.startsWith(prefix))
    throw invalid('INVALID_DATA_POINT_FILTER', `Filter member '${path}' is not one of ${inFilters(type)}.`)
  const name = path.slice(prefix.length)
  const allowed = type.id === 'sleep' ? ALLOWED_FOR_SLEEP : ALLOWED[type.kind]
  const member = allowed.includes(name) ? MEMBERS[name] : undefined
  if (!member)
    throw invalid(
      'INVALID_DATA_POINT_FILTER_DATA_TYPE_MEMBER',
      `Member '${path}' is not supported for filtering.`,
    )
  return { member, operator, literal: LITERALS[member.form](literal) }
}

const LITERALS: Record<Form, (literal: string) => Value> = {
  timestamp(literal) {
    const written = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(literal)
    if (written && !Number.isNaN(Date.parse(literal))) return Date.parse(literal) / 1000
    throw invalid('INVALID_DATA_POINT_FILTER_TIMESTAMP_FORMAT', `Invalid timestamp: ${literal}`)
  },
  civil(literal) {
    const [, date = '', time = 'T00:00:00'] = /^([\d-]{10})(T[0-2]\d:[0-5]\d:[0-5]\d)?$/.exec(literal) ?? []
    if (isDate(date)) return `${date}${time}`
    throw invalid('INVALID_DATA_POINT_FILTER_CIVIL_DATE_TIME_FORMAT', `Invalid civil date time: ${literal}`)
  },
  date(literal) {
    if (isDate(literal)) return literal
    throw invalid('INVALID_DATA_POINT_FILTER_DATE_FORMAT', `Invalid date: ${literal}`)
  },
}

function dayOf(literal: Value, zone: string): string {
  return (typeof literal === 'number' ? civilText(literal, zone) : literal).slice(0, 10)
}
