import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

let tributary: TestEngine

beforeAll(async () => {
  tributary = await createTestEngine({ plugins: [] })
})

afterAll(() => tributary.close())

test('a user keeps a hundred lists at most, also by requests at the same moment', async () => {
  const { user } = await tributary.addUser('ada@example.org')
  const { templates } = tributary.engine
  const made = await Promise.allSettled(
    Array.from({ length: 110 }, (_, at) =>
      templates.create(user.id, { name: `List ${at}`, metrics: [], chosen: false }),
    ),
  )
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(100)
  expect(made.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { status: 409, code: 'too-many-templates' },
  })
  expect(await templates.list(user.id)).toHaveLength(100)
})
