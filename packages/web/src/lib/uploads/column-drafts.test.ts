import { expect, it } from 'vitest'
import { draftColumns, setInDraft, settingsOf, toColumn } from './column-drafts.ts'
import type { CsvColumn, CsvMapping } from './csv-mapping.ts'

const weight: CsvColumn = {
  column: 'Gewicht (kg)',
  field: 'Gewicht_kg',
  name: 'Gewicht',
  type: 'number',
  unit: 'kg',
  day: 'last',
}
const note: CsvColumn = { column: 'Note', field: 'Note', name: 'Note', type: 'text' }
const mapping: CsvMapping = {
  delimiter: ';',
  decimal: ',',
  dateColumn: 'Datum',
  dateFormat: 'DD/MM/YYYY',
  columns: [weight],
}

it('offers every column, and ticks those that were guessed', () => {
  const drafts = draftColumns([weight, note], [weight], [])
  expect(drafts.map(({ column, include }) => [column, include])).toEqual([
    ['Gewicht (kg)', true],
    ['Note', false],
  ])
})

it('leaves what a person has edited as it is when the file is guessed again', () => {
  const [first, second] = draftColumns([weight, note], [weight], [])
  const before = [
    { ...first!, name: 'My weight', edited: true },
    { ...second!, name: 'Mine' },
  ]
  expect(draftColumns([weight, note], [weight], before).map(({ name }) => name)).toEqual([
    'My weight',
    'Note',
  ])
})

it('sends a unit and a rule only where they mean something', () => {
  const [draft] = draftColumns([weight], [weight], [])
  expect(toColumn(draft!)).toEqual(weight)
  expect(toColumn({ ...draft!, unit: ' ', unitText: 'kg' })).toEqual({ ...weight, unit: '1', unitText: 'kg' })
  expect(toColumn({ ...draft!, noValue: '-1' })).toEqual({ ...weight, noValue: '-1' })
  expect(toColumn({ ...draft!, type: 'duration', unit: '' })).toEqual({
    column: 'Gewicht (kg)',
    field: 'Gewicht_kg',
    name: 'Gewicht',
    type: 'duration',
    day: 'last',
  })
  expect(toColumn({ ...draft!, type: 'text', name: ' ' })).toEqual({
    column: 'Gewicht (kg)',
    field: 'Gewicht_kg',
    name: 'Gewicht (kg)',
    type: 'text',
  })
})

it('sets what an answer says, and takes back what another answer had set', () => {
  const choices = [
    { value: 'local', set: {} },
    { value: 'UTC', set: { '/zone': 'UTC', '/columns/0/name': 'a/b', '/columns/0/a~1b': 'x' } },
  ]
  expect(settingsOf(mapping, choices, 'UTC')).toEqual([
    [['zone'], 'UTC'],
    [['columns', '0', 'name'], 'a/b'],
    [['columns', '0', 'a/b'], 'x'],
  ])
  expect(settingsOf(mapping, choices, 'local')).toEqual([
    [['zone'], undefined],
    [['columns', '0', 'name'], 'Gewicht'],
    [['columns', '0', 'a/b'], undefined],
  ])
})

it('shows no unit where a column has none', () => {
  const [draft] = draftColumns([weight], [weight], [])
  setInDraft(draft!, 'unit', '1')
  expect(draft).toMatchObject({ unit: '', edited: true })
  setInDraft(draft!, 'type', 'time')
  expect(draft).toMatchObject({ type: 'time' })
})
