import { expect, test } from 'vitest'
import { googleFit } from '../google-fit/google-fit.ts'
import { googleHealth } from '../google-health/google-health.ts'
import { callbackProblem } from './callback.ts'

test.each([
  ['https://hub.example.org', undefined],
  ['http://localhost:5173', undefined],
  ['http://127.0.0.1:5173', undefined],
  ['http://hub.example.org', 'set up https'],
  ['https://192.168.1.20:8443', 'IP address'],
  ['https://[fd00::1]', 'IP address'],
  ['https://nas.local', 'no public domain name'],
  ['https://nas', 'no public domain name'],
  ['', undefined],
])('whether Google takes a callback at "%s" is told', (baseUrl, problem) => {
  if (problem) expect(callbackProblem(baseUrl)).toContain(problem)
  else expect(callbackProblem(baseUrl)).toBeUndefined()
  for (const source of [googleHealth, googleFit]) {
    const labels = source.setupInfo({ 'global.base_url': baseUrl }).map(({ label }) => label)
    expect(labels.includes('Google will refuse this callback URL')).toBe(problem !== undefined)
  }
})
