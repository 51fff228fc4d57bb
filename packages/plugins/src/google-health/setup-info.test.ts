import { expect, test } from 'vitest'
import { googleHealth } from './google-health.ts'

const { auth } = googleHealth.plugin
const scopes = auth.type === 'oauth2' ? auth.scopes : []
const items = googleHealth.setupInfo({ 'global.base_url': 'https://hub.example.org' })
const valueOf = (label: string) => items.find((item) => item.label === label)?.value ?? ''

test('the callback URL is there to be copied, and no warning', () => {
  expect(items[0]).toEqual({
    label: 'OAuth callback URL',
    value: 'https://hub.example.org/api/plugins/google-health/callback',
    copyable: true,
  })
  expect(items.some(({ label }) => label.includes('refuse'))).toBe(false)
})

test('an admin is led from the project to the client, in the order in which it is done', () => {
  expect(items.map(({ label }) => /^\d/.exec(label)?.[0]).filter(Boolean)).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
  ])
  expect(valueOf('2. API')).toContain('/apis/library/health.googleapis.com')
  expect(valueOf('3. Consent screen')).toContain('"External"')
  expect(valueOf('5. Publishing status')).toMatch(/"In production".*unverified.*"Testing".*seven days/)
  expect(valueOf('6. Client')).toContain('"Web application"')
})

test('every scope that is asked for is among those to be added, and no other', () => {
  const named = valueOf('4. Scopes').match(/googlehealth\.\w+\.readonly/g)
  expect(named?.map((name) => `https://www.googleapis.com/auth/${name}`).sort()).toEqual(scopes.toSorted())
})

test('users are told of the screen that warns, and admins of how many there may be', () => {
  expect(valueOf('What users see')).toMatch(/has not verified.*"Advanced"/)
  expect(valueOf('Limits')).toContain('100 users')
})
