import { plugins } from '@tributary/plugins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine
let ada: SignedIn

beforeAll(async () => {
  tributary = await createTestEngine({ plugins })
  ada = await tributary.addUser('ada@example.org')
})

afterAll(() => tributary.close())

test.each([
  ['empty', ''],
  ['of spaces', '   '],
  ['with a space in it', 'lab-key 1ab5ec2e7c0ffee0'],
  ['with a line end in it', 'lab-key\r\nx-other: 1'],
  ['with a letter outside of ASCII', 'lab-kéy'],
  ['of more than 500 letters', 'k'.repeat(501)],
])('a key that is %s is refused before the source is asked', async (_name, key) => {
  const before = tributary.lab.lab.requests('wakatime').length
  await expect(tributary.engine.plugins.setKey(ada, 'wakatime', key)).rejects.toMatchObject({
    status: 422,
    code: 'bad-key',
  })
  expect(tributary.lab.lab.requests('wakatime')).toHaveLength(before)
})

test('spaces around a key are no part of it', async () => {
  await tributary.engine.plugins.setKey(ada, 'wakatime', ' lab-key-1ab5ec2e7c0ffee0\n')
  expect(await tributary.engine.plugins.get(ada.user.id, 'wakatime')).toMatchObject({ state: 'connected' })
})
