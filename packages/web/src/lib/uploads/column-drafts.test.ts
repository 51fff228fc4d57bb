import { expect, it } from 'vitest'
import { draftColumns, toColumn } from './column-drafts.ts'
import { readTable } from './read-table.ts'

const table = readTable('Datum;Gewicht (kg);Note;Leer\n1.1.2026;70,5;gut;\n', ';')
const guessed = [
  { column: 'Gewicht (kg)', field: 'Gewicht_kg', name: 'Gewicht', type: 'number', unit: 'kg' } as const,
]

it('offers every column, and ticks those that were guessed', () => {
  const drafts = draftColumns(table, [...guessed], [], 'Datum')
  expect(drafts.map(({ column, include, type, field }) => [column, include, type, field])).toEqual([
    ['Datum', false, 'number', 'Datum'],
    ['Gewicht (kg)', true, 'number', 'Gewicht_kg'],
    ['Note', false, 'text', 'Note'],
    ['Leer', false, 'text', 'Leer'],
  ])
})

it('keeps what a person had decided when the file is cut anew', () => {
  const before = draftColumns(table, [...guessed], [], 'Datum').map((draft) => ({
    ...draft,
    name: `My ${draft.name}`,
  }))
  expect(draftColumns(table, [...guessed], before, 'Datum')[1]?.name).toBe('My Gewicht')
})

it('sends a unit and a rule only where they mean something', () => {
  const [weight] = draftColumns(table, [...guessed], [], 'Datum').filter(({ include }) => include)
  expect(toColumn(weight!, false)).toEqual({ ...guessed[0] })
  expect(toColumn({ ...weight!, unit: ' ' }, true)).toEqual({ ...guessed[0], unit: '1', day: 'last' })
  expect(toColumn({ ...weight!, type: 'text', name: ' ' }, false)).toEqual({
    column: 'Gewicht (kg)',
    field: 'Gewicht_kg',
    name: 'Gewicht (kg)',
    type: 'text',
  })
})
