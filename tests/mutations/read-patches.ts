import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A change that breaks one rule of the code, and the test that has to notice it. */
export interface Mutation {
  /** The patch's file name without `.patch`. */
  name: string
  path: string
  /** One sentence that says which rule the patch breaks. */
  breaks: string
  /** The test's file, relative to the project. */
  test: string
  /** A part of the full name of the tests that have to fail; without it any test of the file may. */
  testName: string | undefined
}

/** Reads the patches of a folder, all or those named. Throws for a patch without its first lines and for an unknown name. */
export function readPatches(folder: string, names: string[]): Mutation[] {
  const all = readdirSync(folder)
    .filter((file) => file.endsWith('.patch'))
    .sort()
    .map((file) => readPatch(join(folder, file)))
  const wanted = names.map((name) => basename(name, '.patch'))
  for (const name of wanted)
    if (!all.some((mutation) => mutation.name === name)) throw new Error(`There is no patch ${name}.patch.`)
  return wanted.length > 0 ? all.filter(({ name }) => wanted.includes(name)) : all
}

function readPatch(path: string): Mutation {
  const text = readFileSync(path, 'utf8')
  const head = text.slice(0, text.indexOf('\ndiff --git '))
  const line = (label: string) => new RegExp(`^${label}: (.+)$`, 'm').exec(head)?.[1]?.trim()
  const [breaks, test] = [line('Breaks'), line('Test')]
  if (!breaks || !test)
    throw new Error(`${path} must begin with the lines "Breaks: …" and "Test: …", before "diff --git".`)
  return { name: basename(path, '.patch'), path, breaks, test, testName: line('Name') }
}
