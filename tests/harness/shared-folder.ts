import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'vitest'

/** What TRIBUTARY_SHARED names contains; none of it is part of the project. */
type SharedFolder = 'fixtures' | 'seeds' | 'cases' | 'specs'

/**
 * Describes tests that read a sub-folder of TRIBUTARY_SHARED.
 *
 * Without the setting they are skipped. With it they run: a sub-folder that is missing fails the file.
 */
export function describeShared(
  folder: SharedFolder,
  name: string,
  tests: (path: string) => void | Promise<void>,
): void {
  const shared = process.env['TRIBUTARY_SHARED']
  if (!shared) {
    describe.skip(name, () => test('needs the setting TRIBUTARY_SHARED', () => undefined))
    return
  }
  const path = join(shared, folder)
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`TRIBUTARY_SHARED is set, but ${path} is not a folder. Set it to a folder that has one.`)
  describe(name, () => tests(path))
}
