import { checkPlugin, checks } from '@tributary/plugin-sdk/testing'
import { expect, test } from 'vitest'
import { brokenPlugins } from './testing/broken-plugins.ts'
import { moodsPlugin } from './testing/moods-plugin.ts'
import { moodsSuite } from './testing/moods-suite.ts'

test.each(brokenPlugins)('a plugin that $name fails the rule for it', async ({ rule, because, plugin }) => {
  const results = await checkPlugin(plugin, moodsSuite, [rule])
  expect(results).toEqual([
    { name: rule, outcome: 'failed', reason: expect.stringMatching(because) as string },
  ])
})

test('every rule is broken by a plugin', () => {
  const broken = new Set(brokenPlugins.map(({ rule }) => rule))
  expect(checks.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([])
})

test('a check of pages fails where the source has one page alone', async () => {
  const name = 'an item that shifts to the next page while pages are fetched counts once'
  const suite = { ...moodsSuite, record: { ...moodsSuite.record, path: /\/no-such-request/ } }
  expect(await checkPlugin(moodsPlugin, suite, [name])).toEqual([
    { name, outcome: 'failed', reason: expect.stringContaining('more than one page') as string },
  ])
})

test('a rule is skipped with the reason that its suite states', async () => {
  const [check] = checks
  const name = check?.name ?? ''
  const suite = { ...moodsSuite, skip: { [name]: 'it has one account' } }
  expect(await checkPlugin(moodsPlugin, suite, [name])).toEqual([
    { name, outcome: 'skipped', reason: 'it has one account' },
  ])
})

test.each([
  ['left out', () => checkPlugin(moodsPlugin, { ...moodsSuite, skip: { 'no such rule': 'because' } })],
  ['named', () => checkPlugin(moodsPlugin, moodsSuite, ['no such rule'])],
])('a rule that does not exist cannot be %s', async (_, check) => {
  await expect(check()).rejects.toThrow('There is no rule "no such rule".')
})
