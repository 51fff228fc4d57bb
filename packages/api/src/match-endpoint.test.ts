import { expect, it } from 'vitest'
import { matchEndpoint } from './match-endpoint.ts'

const id = '00000000-0000-4000-8000-00000000000A'
const nameOf = (method: string, path: string) => {
  const match = matchEndpoint(method, path)
  return match && 'name' in match ? match.name : match
}

it('finds the endpoint of a method and path, with the parts of the path', () => {
  expect(nameOf('GET', '/api/metrics/daily')).toBe('readDailyValues')
  expect(nameOf('HEAD', '/api/plugins')).toBe('listPlugins')
  expect(nameOf('PUT', '/api/metric-templates/order')).toBe('orderTemplates')
  expect(matchEndpoint('GET', `/api/import-jobs/${id}`)).toMatchObject({ params: { id: id.toLowerCase() } })
})

it('reads a path as it is decoded, once', () => {
  expect(nameOf('GET', '/%61pi/%6detrics/daily')).toBe('readDailyValues')
  expect(nameOf('GET', '/api/%256detrics/daily')).toBeUndefined()
  expect(nameOf('GET', '/api/metrics%2Fdaily')).toBeUndefined()
  expect(nameOf('GET', '/api/plugins/%ff')).toBeUndefined()
})

it.each([
  '/api',
  '/api/',
  '/api/nothing',
  '/api/plugins/',
  '/api/plugins/A',
  '/api/import-jobs/1',
  `/api/plugins/csv/uploads/x`,
])('finds nothing at %s', (path) => expect(matchEndpoint('GET', path)).toBeUndefined())

it('names the methods of an address that takes others', () => {
  expect(nameOf('PUT', '/api/plugins/csv')).toEqual({ allow: ['GET', 'HEAD', 'PATCH', 'DELETE'] })
})
