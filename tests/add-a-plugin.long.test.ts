import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectByHttp, createHttpUser } from './harness/http-user.ts'
import { startApp } from './harness/start-app.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const blocks = new Map<string, string>()
let outside: string

beforeAll(async () => {
  const page = await readFile(join(root, 'docs/add-a-plugin.md'), 'utf8')
  for (const [, name = '', code = ''] of page.matchAll(/```ts file=(\S+)\n([\s\S]*?)```/g))
    blocks.set(name, code)
  outside = await mkdtemp(join(tmpdir(), 'tributary-plugins-'))
  for (const [name, code] of blocks) await writeFile(join(outside, name), code)
})

afterAll(() => rm(outside, { recursive: true, force: true }))

test('the page shows three ways, and each compiles without a fault', async () => {
  expect([...blocks.keys()]).toEqual(['short-form.ts', 'subclass.ts', 'plain-object.ts'])
  const folder = join(root, 'node_modules/.tributary-docs')
  await mkdir(folder, { recursive: true })
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), (path) => ts.sys.readFile(path))
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  for (const [name, code] of blocks) await writeFile(join(folder, name), code)
  const program = ts.createProgram(
    [...blocks.keys()].map((name) => join(folder, name)),
    options,
  )
  const faults = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  expect(faults).toEqual([])
})

test.each(['short-form.ts', 'subclass.ts', 'plain-object.ts'])(
  '%s, outside of the repository, is loaded by TRIBUTARY_PLUGINS and imports true values',
  async (name) => {
    const app = await startApp({
      TRIBUTARY_PLUGINS: join(outside, name),
      TRIBUTARY_SIMULATE: 'example-service',
      TRIBUTARY_ADMIN_EMAIL: 'ada@example.org',
      TRIBUTARY_ADMIN_PASSWORD: 'a long password',
    })
    try {
      const ada = createHttpUser(app)
      await ada.json('POST', '/api/auth/sign-in/email', {
        email: 'ada@example.org',
        password: 'a long password',
      })
      expect(await connectByHttp(ada, 'example-service')).toBe('/settings/plugins?success=example-service')
      const to = Temporal.Now.plainDateISO('UTC').subtract({ days: 1 })
      const range = `from=${to.subtract({ days: 20 }).toString()}&to=${to.toString()}`
      await ada.json('POST', '/api/plugins/example-service/sync', {
        startDate: to.subtract({ days: 20 }).toString(),
      })
      const daily = await ada.json<{ days: { date: string; values: Record<string, number | null> }[] }>(
        'GET',
        `/api/metrics/daily?${range}&metrics=example-service.dailyScore,example-service.duration`,
      )
      const truth = (await (await fetch(`${app.url}/lab/truth/example-service?${range}`)).json()) as {
        days: { date: string; score: number | null; durationMinutes: number | null }[]
      }
      expect(daily.days).toEqual(
        truth.days.map(({ date, score, durationMinutes }) => ({
          date,
          values: {
            'example-service.dailyScore': score,
            'example-service.duration': durationMinutes === null ? null : durationMinutes * 60,
          },
        })),
      )
    } finally {
      await app.stop()
    }
  },
)

test('a file with a fault is refused by a sentence with its name, and the app starts without it', async () => {
  const file = join(outside, 'faulty.ts')
  await writeFile(file, (blocks.get('short-form.ts') ?? '').replace("unit: '{score}', ", ''))
  const app = await startApp({ TRIBUTARY_PLUGINS: `${file},/nowhere/none.ts` })
  try {
    expect(app.output()).toContain(
      `${file} was refused: its field \\"dailyScore\\" is a number without a unit.`,
    )
    expect(app.output()).toContain('/nowhere/none.ts was refused: ')
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
  } finally {
    await app.stop()
  }
})
