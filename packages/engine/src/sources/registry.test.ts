import { definePlugin, oauth2, type PluginDeclaration } from '@tributary/plugin-sdk'
import { expect, test } from 'vitest'
import { openDatabase } from '../database/database.ts'
import { createTestDatabase } from '../testing/test-database.ts'
import { createRegistry, writeSources } from './registry.ts'

const host = { values: () => Promise.resolve({}), fetch: () => globalThis.fetch }

const sound: PluginDeclaration = {
  id: 'sound',
  name: 'Sound',
  description: 'A plugin without a fault.',
  icon: '📊',
  auth: oauth2({
    authorizationUrl: 'https://sound.example/a',
    tokenUrl: 'https://sound.example/t',
    scopes: [],
  }),
  api: { baseUrl: 'https://api.sound.example' },
  fields: { score: { name: 'Score', type: 'number', unit: '1' } },
  streams: {
    days: {
      fields: ['score'],
      maxDaysPerRequest: 1,
      answers: 'window',
      async *fetchData() {},
      mapData: () => [],
    },
  },
}

const register = (...declarations: Partial<PluginDeclaration>[]) =>
  createRegistry(
    declarations.map((change, index) => ({
      plugin: definePlugin({ ...sound, ...change }),
      file: `plugin-${index}.ts`,
    })),
    host,
  )

test.each([
  [
    'a number without a unit',
    { fields: { score: { name: 'Score', type: 'number' as const } } },
    'field "score" is a number without a unit',
  ],
  [
    'a kind that counts otherwise',
    {
      fields: { score: { name: 'Score', type: 'number' as const, unit: '[lb_av]', kind: 'weight' as const } },
    },
    'field "score" cannot be of the kind "weight", whose values are of the type number in kg',
  ],
  [
    'a stream without fields',
    { streams: { days: { ...sound.streams['days']!, fields: [] } } },
    'stream "days" has no fields',
  ],
  [
    'a stream that names an unknown field',
    { streams: { days: { ...sound.streams['days']!, fields: ['x'] } } },
    'names the field "x"',
  ],
  [
    'a field that two streams give',
    { streams: { days: sound.streams['days']!, hours: sound.streams['days']! } },
    'its streams "days" and "hours" both give the field "score"',
  ],
  ['a host that is not declared', { api: { baseUrl: '/data' } }, 'declares no host'],
  ['an id that is no id', { id: 'Sound!' }, 'its id "Sound!"'],
])('%s is refused by a sentence that names file and fault, and the others stay', async (_, change, fault) => {
  const registry = await register({ ...change }, { id: 'other' })
  expect(registry.refused).toHaveLength(1)
  expect(registry.refused[0]).toMatch(/^plugin-0\.ts was refused: .*\.$/)
  expect(registry.refused[0]).toContain(fault)
  expect([...registry.handlers.keys()]).toEqual(['other'])
})

test('of two plugins with one id the first stays', async () => {
  const registry = await register({ name: 'First' }, { name: 'Second' })
  expect(registry.find('sound')?.name).toBe('First')
  expect(registry.refused).toEqual(['plugin-1.ts was refused: its id "sound" is that of another plugin.'])
})

test('processes that start on a new database at the same moment write the sources once', async () => {
  const registry = await register({}, { id: 'second' })
  const testDatabase = await createTestDatabase()
  const databases = Array.from({ length: 6 }, () =>
    openDatabase({ url: testDatabase.url, maxConnections: 1 }),
  )
  try {
    await Promise.all(databases.map((database) => database.asSystem(() => Promise.resolve())))
    await Promise.all(databases.map((database) => writeSources(database, registry)))
    expect(await testDatabase.query('select id from tributary.integration_sources order by id')).toEqual([
      { id: 'second' },
      { id: 'sound' },
    ])
  } finally {
    await Promise.all(databases.map((database) => database.close()))
    await testDatabase.drop()
  }
})
