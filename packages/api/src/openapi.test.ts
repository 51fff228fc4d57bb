import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, it } from 'vitest'
import { endpoints } from './endpoints.ts'
import { createOpenApi } from './openapi.ts'

const document = createOpenApi('https://tributary.example')
const paths = document['paths'] as Record<string, Record<string, { operationId: string; security: object[] }>>

it('is valid by a public linter', async () => {
  const config = await createConfig({
    extends: ['recommended'],
    // A browser that is sent on gets a 302, and nothing else.
    rules: { 'operation-2xx-response': 'off' },
  })
  const source = JSON.stringify(document)
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config })
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
})

it('describes every endpoint under its name', () => {
  for (const [name, { method, path }] of Object.entries(endpoints))
    expect(paths[path]?.[method.toLowerCase()]?.operationId).toBe(name)
  expect(Object.values(paths).flatMap((path) => Object.keys(path))).toHaveLength(
    Object.keys(endpoints).length,
  )
})

it('names the scopes of which a token needs one', () => {
  expect(paths['/api/metrics/daily']?.['get']?.security).toEqual([{ token: ['read'] }, { session: [] }])
  expect(paths['/api/account/tokens']?.['post']?.security).toEqual([{ session: [] }])
  expect(paths['/api/auth/sign-out']?.['post']?.security).toEqual([])
})
