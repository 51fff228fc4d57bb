/** UCUM codes of what people write behind numbers and column names; a few names for each. */
const names: Record<string, string> = {
  kg: 'kg kgs kilo kilos kilogram kilograms kilogramm',
  g: 'g gr gram grams gramm',
  mg: 'mg',
  ug: 'µg μg mcg ug',
  '[lb_av]': 'lb lbs pound pounds',
  '[stone_av]': 'st stone',
  '[oz_av]': 'oz',
  km: 'km kilometer kilometers kilometre kilometres',
  m: 'm meter meters metre metres',
  cm: 'cm',
  mm: 'mm',
  '[mi_i]': 'mi mile miles',
  '[ft_i]': 'ft feet',
  '[in_i]': 'in inch inches',
  '[yd_i]': 'yd yds yards',
  kcal: 'kcal kilocalories',
  cal: 'cal',
  kJ: 'kj',
  '/min': 'bpm /min 1/min rpm spm brpm br/min beats/min',
  ms: 'ms msec',
  s: 's sec secs second seconds sek sekunden',
  min: 'min mins minute minutes minuten',
  h: 'h hr hrs hour hours std stunden',
  d: 'd day days tage',
  '%': '% percent prozent',
  Cel: '°c ℃ celsius',
  '[degF]': '°f ℉ fahrenheit',
  mL: 'ml',
  L: 'l liter liters litre litres',
  '[foz_us]': 'floz',
  'mm[Hg]': 'mmhg',
  'mg/dL': 'mg/dl',
  'mmol/L': 'mmol/l',
  'km/h': 'km/h kmh kph',
  '[mi_i]/h': 'mph',
  'm/s': 'm/s',
  W: 'w watt watts',
  'mL/min/kg': 'ml/kg/min ml/min/kg',
  '[iU]': 'iu',
  '{steps}': 'steps schritte',
  '{reps}': 'reps',
  '{floors}': 'floors',
  '{EUR}': '€ eur',
  '{USD}': '$ usd',
  '{GBP}': '£ gbp',
  '{CHF}': 'chf',
}

const units = new Map(
  Object.entries(names).flatMap(([code, texts]) => texts.split(' ').map((text) => [text, code] as const)),
)
/** Those that say nothing else at the end of a name without brackets, where `_m` may be a month and `_min` the lowest. */
const clearAtEnd = new Set(
  'kg kgs lb lbs km cm miles kcal kj bpm ms ml mmhg mg/dl mmol/l percent seconds secs sec minutes hours meters'.split(
    ' ',
  ),
)
const longestUnit = 12
/** Names that are longer are not searched for a unit. */
const longestName = 200

/** The UCUM code of a unit as people write it; `undefined` where it is none that is known. */
export function unitOf(text: string): string | undefined {
  return text.length > longestUnit ? undefined : units.get(text.replace(/\s/g, '').toLowerCase())
}

const inBrackets = /^(.*[^\s([])\s*[([]([^()[\]]{1,12})[)\]]$/
const percentAtEnd = /^(.*[^\s%])\s?%$/
const atEnd = /[\s_,/-]([a-z/]{2,8}|mg_dl|mmol_l)$/i

/** The name and the unit of a column: `Gewicht (kg)` is `Gewicht` in `kg`, `weight_kg` keeps its name. */
export function unitOfName(column: string): { name: string; unit?: string } {
  if (column.length > longestName) return { name: column }
  const [, name, text] = inBrackets.exec(column) ?? []
  const unit = text === undefined ? undefined : unitOf(text)
  if (name && unit) return { name, unit }
  const [, share] = percentAtEnd.exec(column) ?? []
  if (share) return { name: share, unit: '%' }
  const last = atEnd.exec(column)?.[1]?.toLowerCase().replace('_', '/')
  const plain = last !== undefined && clearAtEnd.has(last) ? unitOf(last) : undefined
  return { name: column, ...(plain !== undefined && { unit: plain }) }
}

const numberWithUnit = /^([+\-−]?[\d.,'’\u00a0\u2009\u202f ]*\d)\s?(\D.{0,11})$/
const unitWithNumber = /^([€$£])\s?([\d.,'’\u00a0\u2009\u202f ]*\d)$/
const longestCell = 60

/** Splits a trimmed cell such as `71.5 kg` or `€ 5` into its number and its unit; `undefined` where it has no known unit. */
export function splitUnit(cell: string): { number: string; text: string; unit: string } | undefined {
  if (cell.length > longestCell) return undefined
  const [, sign, amount] = unitWithNumber.exec(cell) ?? []
  const [, number = amount, text = sign] = numberWithUnit.exec(cell) ?? []
  const unit = text === undefined ? undefined : unitOf(text)
  return number && text && unit ? { number, text, unit } : undefined
}
