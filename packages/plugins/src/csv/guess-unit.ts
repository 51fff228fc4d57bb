/** What people write in brackets behind a column's name, in UCUM. */
const units: Record<string, string> = {
  kg: 'kg',
  g: 'g',
  lb: '[lb_av]',
  lbs: '[lb_av]',
  km: 'km',
  m: 'm',
  cm: 'cm',
  mi: '[mi_i]',
  miles: '[mi_i]',
  kcal: 'kcal',
  kj: 'kJ',
  bpm: '/min',
  '/min': '/min',
  '1/min': '/min',
  ms: 'ms',
  s: 's',
  sec: 's',
  min: 'min',
  h: 'h',
  '%': '%',
  '°c': 'Cel',
  '°f': '[degF]',
  ml: 'mL',
  l: 'L',
  mmhg: 'mm[Hg]',
  'mg/dl': 'mg/dL',
  'mmol/l': 'mmol/L',
}

const inBrackets = /^(.*\S)\s*[([]([^()[\]]+)[)\]]$/

/** The name and the unit of a column of numbers: `Gewicht (kg)` is `Gewicht` in `kg`. */
export function guessUnit(column: string): { name: string; unit: string } {
  const [, name, text] = inBrackets.exec(column) ?? []
  const unit = text && units[text.trim().toLowerCase()]
  return name && unit ? { name, unit } : { name: column, unit: '1' }
}
