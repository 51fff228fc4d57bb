import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'vitest'

/** The files of a folder whose names match. Throws where there is none, so that their tests cannot be missing. */
export function listCases(folder: string, name: RegExp): string[] {
  const files = readdirSync(folder).filter((file) => name.test(file))
  if (files.length === 0) throw new Error(`${folder} has no file whose name matches ${name}.`)
  return files.sort()
}

export function readCase<Case>(folder: string, file: string): Case {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Case
}

/** The JSON block below a bold label of a page: `**Fault:**`. */
export function readBlock(folder: string, file: string, label: string): unknown {
  const text = readFileSync(join(folder, file), 'utf8')
  const block = new RegExp(`\\*\\*${label}:\\*\\*\\s*\`\`\`json\\n([^]*?)\`\`\``).exec(text)?.[1]
  if (block === undefined) throw new Error(`${file} has no block "${label}".`)
  return JSON.parse(block)
}

/** Days from the first to the last, `YYYY-MM-DD`. */
export function listDays(from: string, to: string): string[] {
  const first = Temporal.PlainDate.from(from)
  const count = first.until(to).days + 1
  return Array.from({ length: count }, (_, days) => first.add({ days }).toString())
}

/** Tests what a file describes, or one condition of it. */
export function testCase(file: string, check: () => Promise<void>, condition?: string): void {
  const name = condition === undefined ? file : `${file}, ${condition}`
  test(name, check)
}
