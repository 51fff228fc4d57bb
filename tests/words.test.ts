import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Words that `docs/glossary.md` replaces. They are spelt in two parts here, so that this file is searched as well. */
const replaced = ['wi sh', 'fla w', 'ane w', 'unre ad', 'unwrit ten'].map((parts) => parts.replace(' ', ''))

const root = fileURLToPath(new URL('..', import.meta.url))
const texts = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => /\.(ts|svelte|sql|md|json|html|css|js|patch)$/.test(path) && path !== 'package-lock.json')

/** A word by itself or as a part of a name; words that only begin alike, such as `unreadable`, are none. */
const pattern = new RegExp(`(?<![a-z])(${replaced.join('|')})(e?s|ed)?(?![a-z])`, 'i')
const isFound = (line: string) => pattern.test(line.replace(/([a-z])([A-Z])/g, '$1_$2'))

test.each(['unreadable', 'unreadableDays', 'wishbone'])('%s is not one of them', (word) => {
  expect(isFound(word)).toBe(false)
})

test.each(
  replaced.flatMap((word) => [
    word,
    `${word}Of`,
    `is${word[0]?.toUpperCase()}${word.slice(1)}`,
    `${word}_at`,
    `data-${word}`,
  ]),
)('%s is found', (name) => {
  expect(isFound(name)).toBe(true)
})

test('no source, message or document uses a word that the glossary replaces', () => {
  const found = texts.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, at) => (isFound(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  )
  expect(found).toEqual([])
})
