import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings } from './settings.ts'

test('without any setting everything has a default', () => {
  expect(readSettings({})).toMatchObject({ port: 5173, publicUrl: 'http://localhost:5173', simulate: [] })
})

test('all faults are reported at once, each by its name', () => {
  const read = () =>
    readSettings({
      PORT: 'many',
      DATABASE_URL: 'mysql://x',
      TRIBUTARY_ADMIN_EMAIL: 'a@b.org',
      PUBLIC_URL: 'ftp://x',
    })
  expect(read).toThrow(/PORT .*DATABASE_URL|DATABASE_URL .*PORT/)
  expect(read).toThrow(/PUBLIC_URL/)
})

test('an admin needs both e-mail and password', () => {
  expect(() => readSettings({ TRIBUTARY_ADMIN_EMAIL: 'a@b.org' })).toThrow('must be given together')
})

test('a secret is read from the file that is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-settings-'))
  const file = join(folder, 'secret')
  await writeFile(file, 'from-the-file\n')
  try {
    const settings = readSettings({ TRIBUTARY_KEYS_FILE: file, FITBIT_CLIENT_SECRET_FILE: file })
    expect(settings.keys).toBe('from-the-file')
    expect(settings.environment('FITBIT_CLIENT_SECRET')).toBe('from-the-file')
    expect(() => readSettings({ TRIBUTARY_KEYS_FILE: file, TRIBUTARY_KEYS: 'x' })).toThrow('both given')
    expect(() => readSettings({ TRIBUTARY_KEYS_FILE: join(folder, 'none') })).toThrow('cannot be read')
  } finally {
    await rm(folder, { recursive: true })
  }
})
