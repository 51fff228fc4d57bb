import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inspectCluster } from './inspect-cluster.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'tributary-inspect-'))))
afterEach(() => rm(folder, { recursive: true }))

test('a missing and an empty folder are no database yet', async () => {
  expect(await inspectCluster(join(folder, 'postgres'), '18.4.0')).toBe('absent')
  expect(await inspectCluster(folder, '18.4.0')).toBe('absent')
})

test('a database of the same major version can be opened', async () => {
  await writeFile(join(folder, 'PG_VERSION'), '18\n')
  expect(await inspectCluster(folder, '18.4.0-beta.17')).toBe('present')
})

test('a database of another major version is refused by a sentence that names both', async () => {
  await writeFile(join(folder, 'PG_VERSION'), '17\n')
  await expect(inspectCluster(folder, '18.4.0')).rejects.toThrow(
    /made by PostgreSQL 17 .* brings PostgreSQL 18: dump/,
  )
})

test('a folder of something else is refused', async () => {
  await mkdir(join(folder, 'photos'))
  await expect(inspectCluster(folder, '18.4.0')).rejects.toThrow('is not a PostgreSQL database')
})
