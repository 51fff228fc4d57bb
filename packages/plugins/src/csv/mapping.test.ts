import { expect, test } from 'vitest'
import { listFields } from './list-fields.ts'
import { type CsvMapping, csvMapping } from './mapping.ts'

const mapping: CsvMapping = {
  delimiter: ';',
  decimal: ',',
  dateColumn: 'Tag',
  dateFormat: 'DD.MM.YYYY',
  columns: [
    {
      column: 'Schritte',
      field: 'steps',
      name: 'Schritte',
      type: 'number',
      kind: 'steps',
      unit: '{steps}',
      day: 'sum',
    },
    { column: 'Tassen', field: 'cups', name: 'Kaffee', type: 'number' },
    { column: 'Schlaf', field: 'sleep', name: 'Schlaf', type: 'duration', unit: 'h' },
    { column: 'Notiz', field: 'note', name: 'Notiz', type: 'text' },
  ],
}

test('fields follow from the mapping: numbers have a unit, and what is measured a rule for its day', () => {
  expect(listFields(mapping)).toEqual({
    steps: { name: 'Schritte', type: 'number', unit: '{steps}', kind: 'steps', day: 'sum' },
    cups: { name: 'Kaffee', type: 'number', unit: '1', day: 'last' },
    sleep: { name: 'Schlaf', type: 'duration', day: 'last' },
    note: { name: 'Notiz', type: 'text' },
  })
})

test('a mapping with anything unknown in it is refused', () => {
  const [steps, cups] = mapping.columns as [CsvMapping['columns'][0], CsvMapping['columns'][0]]
  const wrong: unknown[] = [
    { ...mapping, quote: "'" },
    { ...mapping, delimiter: ' ' },
    { ...mapping, dateFormat: 'DD.MM' },
    { ...mapping, timeColumn: '' },
    { ...mapping, zone: 'Europe/Atlantis' },
    { ...mapping, columns: [] },
    { ...mapping, columns: [steps, { ...cups, field: 'steps' }] },
    { ...mapping, columns: [{ ...steps, field: 'a b' }] },
    { ...mapping, columns: [{ ...steps, kind: 'luck' }] },
    { ...mapping, columns: [{ ...steps, type: 'duration', unit: 'd' }] },
    { ...mapping, columns: [{ ...steps, type: 'duration', unit: 'toString' }] },
  ]
  expect(csvMapping.safeParse(mapping).success).toBe(true)
  for (const one of wrong) expect(csvMapping.safeParse(one).success, JSON.stringify(one)).toBe(false)
})
