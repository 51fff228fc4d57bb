import { describe, expect, it } from 'vitest'
import { type Endpoint } from './endpoint.ts'
import { endpoints, groups } from './endpoints.ts'
import { problemCodes } from './problem.ts'

const all: [string, Endpoint][] = Object.entries(endpoints)
const named = (of: (endpoint: Endpoint) => boolean) => all.filter(([, endpoint]) => of(endpoint))

describe.each(all)('%s', (_name, { method, path, params, body, upload }) => {
  it('has a schema for each part of its path, and no body where its method has none', () => {
    const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(Object.keys(params?.shape ?? {})).toEqual(parts)
    if (method === 'GET') expect([body, upload]).toEqual([undefined, undefined])
  })
})

it('no two endpoints have one method and path, and none is left out of its group', () => {
  expect(new Set(all.map(([, { method, path }]) => `${method} ${path}`)).size).toBe(all.length)
  expect(Object.values(groups).flatMap((group) => Object.keys(group))).toHaveLength(all.length)
})

describe('a token', () => {
  const takesToken = ({ scopes }: Endpoint) => scopes.length > 0

  it('never reaches the account, the administration or a sign-in', () => {
    const closed = named(({ path }) =>
      /^\/api\/(account|admin|auth|simulation)\b|\/(auth|callback)$/.test(path),
    )
    expect(closed.length).toBeGreaterThan(25)
    expect(closed.filter(([, endpoint]) => takesToken(endpoint))).toEqual([])
  })

  it('that may only read changes nothing, and one that may write or import is not let read by that', () => {
    for (const [name, { method, scopes }] of named(takesToken))
      expect(scopes.includes('read'), name).toBe(method === 'GET')
  })

  it('that may import brings data and changes nothing else', () => {
    const imports = named(({ for: who, scopes }) => who === 'user' && scopes.includes('import')).map(
      ([name]) => name,
    )
    expect(imports.sort()).toEqual(['guessFile', 'lookAtDay', 'sync', 'upload'])
  })
})

it('problem codes are spelled in one way and in order', () => {
  for (const code of problemCodes) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
  expect([...problemCodes]).toEqual([...problemCodes].sort())
})
