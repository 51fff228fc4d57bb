import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { jobMachine } from '../packages/engine/src/domain/job-machine.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n')
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')

test.each(documents)('%s has no mark of an unfinished merge', (path) => {
  expect(textOf(path)).not.toMatch(/(<{7}|>{7}|(> ){6}>|^\\?={7}$)/m)
})

describe('ARCHITECTURE.md', () => {
  const text = textOf('ARCHITECTURE.md')

  test('names only files that exist', () => {
    const names = [...text.matchAll(/`([a-z0-9/.-]+\.(?:ts|md))`/g)].map((match) => match[1] ?? '')
    expect(names.length).toBeGreaterThan(100)
    const folders = ['', 'packages', 'packages/engine/src']
    expect(names.filter((name) => !folders.some((folder) => existsSync(join(root, folder, name))))).toEqual(
      [],
    )
  })

  test('describes every folder of the engine', () => {
    const folders = execFileSync('git', ['ls-files', 'packages/engine/src/*/*'], {
      cwd: root,
      encoding: 'utf8',
    })
      .trim()
      .split('\n')
      .map((path) => `${path.split('/')[3]}/`)
    expect([...new Set(folders)].filter((folder) => !text.includes(`\`${folder}\``))).toEqual([])
  })
})

test('docs/job-states.md has the table of the job machine', () => {
  const rows = textOf('docs/job-states.md')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
  const [events = []] = rows.filter(([first]) => first === 'from').map(([, ...names]) => names)
  const written = rows
    .filter(([first = '']) => Object.hasOwn(jobMachine, first))
    .map(([from = '', ...next]) => [
      from,
      Object.fromEntries(events.map((event, at) => [event, next[at] === '–' ? null : next[at]])),
    ])
  expect(Object.fromEntries(written)).toEqual(jobMachine)
})

test('decisions are numbered without gaps, and each has its number, its date and its status', () => {
  const decisions = documents.filter((path) => path.startsWith('docs/decisions/'))
  expect(decisions.length).toBeGreaterThan(20)
  for (const [index, path] of decisions.entries()) {
    const number = index + 1
    expect(path).toMatch(new RegExp(`/${String(number).padStart(4, '0')}-[a-z0-9-]+\\.md$`))
    expect(textOf(path), path).toMatch(
      new RegExp(`^# ${number}\\. .+\n\n\\d{4}-\\d\\d-\\d\\d, (accepted|replaced by \\d+)\n\n`),
    )
  }
})

test('links between documents lead to files and headings that exist', () => {
  const anchorsOf = (path: string) =>
    [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    )
  const broken = documents.flatMap((path) =>
    [...textOf(path).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(
      ([link, file = '', anchor]) => {
        const target = file === '' ? path : join(path, '..', file)
        const exists = existsSync(join(root, target))
        const leads = exists && (anchor === undefined || anchorsOf(target).includes(anchor))
        return leads ? [] : [`${path}: ${link}`]
      },
    ),
  )
  expect(broken).toEqual([])
})
