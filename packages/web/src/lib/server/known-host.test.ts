import { expect, it } from 'vitest'
import { isKnownHost } from './known-host.ts'

const isKnown = (host: string | null) => isKnownHost(host, 'https://hub.example', ['hub.of.ours.example'])

it.each([
  'hub.example',
  'hub.example:8443',
  'HUB.example.',
  'hub.of.ours.example',
  'localhost:5173',
  '127.0.0.1:5173',
  '192.168.1.5',
  '[fd00::5]:5173',
  'nas',
  'nas:5173',
  'tributary.local',
  'tributary.lan',
  'nas.fritz.box',
  'tributary.home.arpa',
  null,
])('answers to %s', (host) => {
  expect(isKnown(host)).toBe(true)
})

it.each([
  'evil.example',
  'hub.example.evil.example',
  'evil.nothub.example',
  '127.0.0.1.evil.example',
  'a b',
  '',
])('does not answer to %j', (host) => {
  expect(isKnown(host)).toBe(false)
})
