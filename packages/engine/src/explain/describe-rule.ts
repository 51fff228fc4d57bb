import type { Basis, Evidence } from '../contract/engine.ts'

const sums: Record<string, string> = {
  sum: 'the sum of',
  mean: 'the mean of',
  min: 'the lowest of',
  max: 'the highest of',
  first: 'the first of',
  last: 'the last of',
  start: 'when the first began of',
  end: 'when the last ended of',
  duration: 'how long they took together, of',
}

/** Says by which rule a field's value was made of what lies under it. */
export function describeRule(basis: Basis | null, evidence: Evidence): string[] {
  if (basis === 'manual') return sayManual(evidence)
  if (basis === 'daily-record') return sayRecord(evidence)
  return basis === 'measurements' ? sayMeasurements(evidence) : []
}

function sayManual({ source, records, measurements }: Evidence): string[] {
  if (!source) return ['You entered it by hand.']
  const other = records.length > 0 || measurements !== null
  return [
    'You entered it by hand, and what you enter goes before what a source says.',
    ...(other
      ? [`What ${source.name} says is kept below, and counts again when you take your entry back.`]
      : []),
  ]
}

function sayRecord({ source, day, records, measurements }: Evidence): string[] {
  const whole = records.filter(({ dimension }) => dimension === '')
  const [first] = whole
  const file = first?.file
  return [
    file
      ? `Your file ${file} has this value for the day.`
      : `${source?.name} reports this value for the day.`,
    ...(file && day
      ? [`Where it has several rows for a day, the value is ${sums[day.rule] ?? 'made of'} them.`]
      : []),
    ...(whole.length > 1
      ? [
          file
            ? 'Several of your files have one; that of the newest counts.'
            : `It has one of ${whole.length} devices or apps; that of ${first?.origin || 'no particular one'} counts.`,
        ]
      : []),
    ...(measurements
      ? ['Its measurements are not used: what a source says of a whole day goes before them.']
      : []),
  ]
}

function sayMeasurements({ day, measurements }: Evidence): string[] {
  if (!day || !measurements) return []
  const [spoke, ...others] = measurements.origins
  if (!spoke) return []
  const one = spoke.count === 1
  const counted = one
    ? 'It is made of the one measurement of the day'
    : `It is ${sums[day.rule] ?? 'made of'} the ${spoke.count.toLocaleString('en')} measurements of the day`
  return [
    `${counted}${spoke.origin === '' ? '' : ` from ${spoke.origin}`}.`,
    ...(others.length > 0 ? [sayOthers(spoke, others.length)] : []),
    `Day boundaries: ${day.zone}${day.belongsTo === 'end' ? '; an interval that runs past midnight belongs to the day on which it ends' : ''}.`,
  ]
}

function sayOthers(spoke: { origin: string; file: string | null }, others: number): string {
  const rest = others === 1 ? 'another device or app' : `${others} other devices or apps`
  if (spoke.file)
    return `${spoke.file} is the newest of your files with measurements of the day, so it counts.`
  return `It has the most of the day, so it counts; what ${rest} measured at the same time is not added.`
}
