const names: Record<string, string> = {
  '1': '',
  '{score}': '',
  '[kcal_us]': 'kcal',
  Cel: '°C',
  'mm[Hg]': 'mmHg',
  '/min': 'per min',
}

const heartKinds = new Set(['heart-rate', 'resting-heart-rate', 'heart-rate-min', 'heart-rate-max'])

/** How a UCUM unit is written for people, e.g. `{steps}` → `steps`; beats of a heart are bpm. */
export function unitName(unit: string | null, kind: string | null): string {
  if (unit === null) return ''
  if (unit === '/min' && kind !== null && heartKinds.has(kind)) return 'bpm'
  if (unit === '/min' && kind === 'breathing-rate') return 'breaths/min'
  return names[unit] ?? unit.replace(/^\{(.*)\}$/, '$1').replaceAll('_', ' ')
}
