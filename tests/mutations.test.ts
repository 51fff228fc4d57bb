import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readPatches } from './mutations/read-patches.ts'

const root = resolve(import.meta.dirname, '..')
const mutations = readPatches(join(import.meta.dirname, 'mutations'), [])

test.each(mutations)('the patch $name applies and names a test file that exists', ({ path, test: file }) => {
  expect(() => execFileSync('git', ['apply', '--check', path], { cwd: root, stdio: 'pipe' })).not.toThrow()
  expect(existsSync(join(root, file)), file).toBe(true)
})
