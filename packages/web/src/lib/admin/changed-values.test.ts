import type { AdminSetting } from '@tributary/engine'
import { describe, expect, it } from 'vitest'
import { changedValues, toDraft } from './changed-values.ts'

function setting(key: string, given: Partial<AdminSetting> = {}): AdminSetting {
  return {
    key,
    label: key,
    description: null,
    type: 'text',
    required: false,
    placeholder: null,
    options: [],
    value: null,
    isSet: false,
    changedAt: null,
    from: null,
    locked: false,
    ...given,
  }
}

const settings = [
  setting('id', { value: 'abc', isSet: true, from: 'database' }),
  setting('secret', { type: 'password', isSet: true, from: 'database' }),
  setting('simulate', { type: 'checkbox', value: 'true', from: 'database' }),
  setting('fixed', { value: 'x', from: 'environment', locked: true }),
]
const nothing = new Set<string>()

describe('what is sent of the settings', () => {
  it('is nothing where nothing was changed', () => {
    expect(changedValues(settings, toDraft(settings), nothing)).toEqual({})
  })

  it('is what differs, without spaces around it', () => {
    expect(changedValues(settings, { ...toDraft(settings), id: ' def ' }, nothing)).toEqual({ id: 'def' })
  })

  it('takes away what was emptied, and a mark that was taken off', () => {
    const draft = { ...toDraft(settings), id: '', simulate: 'false' }
    expect(changedValues(settings, draft, nothing)).toEqual({ id: null, simulate: null })
  })

  it('leaves a secret that nobody typed, and takes it away only on request', () => {
    expect(changedValues(settings, toDraft(settings), new Set(['secret']))).toEqual({ secret: null })
    const typed = { ...toDraft(settings), secret: 'new' }
    expect(changedValues(settings, typed, new Set(['secret']))).toEqual({ secret: 'new' })
  })

  it('never has what comes from the environment', () => {
    expect(changedValues(settings, { ...toDraft(settings), fixed: 'y' }, nothing)).toEqual({})
  })
})
