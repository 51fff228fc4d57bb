import type { AuditLine } from '@tributary/engine'
import { expect, it } from 'vitest'
import { whatAbout, whoDid } from './audit-words.ts'

const line: AuditLine = {
  id: '1',
  at: '2026-11-20T12:00:00Z',
  action: 'connection.disconnected',
  words: 'Source disconnected',
  actor: { id: 'u1', name: 'Ada' },
  subject: { id: 'u1', name: 'Ada' },
  source: 'Fitbit',
  requestId: null,
  address: null,
  details: { data: 'kept' },
}

it('names who did it, and whom it concerns where that is another', () => {
  expect(whoDid(line)).toBe('Ada')
  expect(whatAbout(line)).toBe('Fitbit · data: kept')
  expect(whatAbout({ ...line, subject: { id: 'u2', name: 'Ben' } })).toBe('Fitbit · Ben · data: kept')
})

it('tells the app itself, a stranger and a deleted user apart', () => {
  expect(whoDid({ ...line, actor: null })).toBe('Tributary')
  expect(whoDid({ ...line, action: 'session.refused', actor: null })).toBe('Somebody not signed in')
  expect(whoDid({ ...line, actor: { id: 'u1', name: null } })).toBe('A deleted user')
})
