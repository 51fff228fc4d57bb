import { memoryStore, type RunningLab, startLab } from '@tributary/provider-lab'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiKeyAuthHelper } from './api-key-helper.ts'
import { apiKey } from './auth.ts'

const help = 'You find it in your settings there.'
let lab: RunningLab

beforeAll(async () => {
  lab = await startLab({ store: memoryStore(), redirectUri: () => '' })
})

afterAll(() => lab.close())

async function ask(helper: ApiKeyAuthHelper, key: string): Promise<number> {
  const url = new URL(`${lab.url}/wakatime/api/v1/users/current`)
  for (const [name, value] of Object.entries(helper.query(key))) url.searchParams.set(name, value)
  const response = await fetch(url, { headers: helper.headers(key) })
  await response.body?.cancel()
  return response.status
}

test('a key in HTTP Basic and in the query is accepted where the provider looks for it there', async () => {
  const basic = new ApiKeyAuthHelper(apiKey({ placement: 'basic', help }))
  const query = new ApiKeyAuthHelper(apiKey({ placement: 'query', name: 'api_key', help }))
  expect(await ask(basic, 'lab-key-1ab5ec2e7c0ffee0')).toBe(200)
  expect(await ask(query, 'lab-key-1ab5ec2e7c0ffee0')).toBe(200)
  expect(await ask(basic, 'another-key')).toBe(401)
})

test('a key is in one place alone', () => {
  const query = new ApiKeyAuthHelper(apiKey({ placement: 'query', name: 'k', help }))
  expect([query.headers('x'), query.query('x')]).toEqual([{}, { k: 'x' }])
  const header = new ApiKeyAuthHelper(apiKey({ placement: 'header', name: 'x-key', help }))
  expect([header.headers('x'), header.query('x')]).toEqual([{ 'x-key': 'x' }, {}])
  const bearer = new ApiKeyAuthHelper(apiKey({ placement: 'bearer', help }))
  expect(bearer.headers('x')).toEqual({ authorization: 'Bearer x' })
})

test('HTTP Basic takes the other half that the provider wants', () => {
  const password = new ApiKeyAuthHelper(
    apiKey({ placement: 'basic', basic: { password: 'api_token' }, help }),
  )
  expect(password.headers('key')).toEqual({ authorization: `Basic ${btoa('key:api_token')}` })
  const userName = new ApiKeyAuthHelper(apiKey({ placement: 'basic', basic: { userName: 'me' }, help }))
  expect(userName.headers('key')).toEqual({ authorization: `Basic ${btoa('me:key')}` })
})
