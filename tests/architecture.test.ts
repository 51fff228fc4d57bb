import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { circlesIn, composition, imports, layerOf, layers } from './engine-layers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const packages = ['api', 'plugin-sdk', 'plugins', 'engine', 'provider-lab', 'plugin-host', 'web', 'cli']

interface Source {
  path: string
  package: string
  text: string
  isTest: boolean
  /** What it imports: names of packages, or paths within the project. */
  imports: string[]
}

const statement =
  /(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|import\s+['"]([^'"]+)['"]/g

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

const sources: Source[] = packages.flatMap((name) =>
  listFiles(join(root, 'packages', name, 'src')).map((file) => {
    const text = readFileSync(file, 'utf8')
    const path = relative(root, file)
    const imports = [...text.matchAll(statement)].map((match) => {
      const target = match[1] ?? match[2] ?? match[3] ?? ''
      return target.startsWith('.') ? relative(root, resolve(dirname(file), target)) : target
    })
    return { path, package: name, text, imports, isTest: /\.test\.ts$|\/testing\//.test(path) }
  }),
)
const code = sources.filter(({ isTest }) => !isTest)

/** The files of ours that do something, by path. */
function filesWith(holds: (source: Source) => boolean): string[] {
  return code
    .filter(holds)
    .map(({ path }) => path)
    .sort()
}

const importsPackage = (name: string) => (source: Source) =>
  source.imports.some((target) => target === name || target.startsWith(`${name}/`))

describe('who may import whom', () => {
  const allowed: Record<string, string[]> = {
    api: [],
    'plugin-sdk': [],
    plugins: ['plugin-sdk'],
    engine: ['api', 'plugin-sdk'],
    'provider-lab': [],
    'plugin-host': ['engine', 'plugin-sdk', 'provider-lab'],
    web: ['api', 'engine'],
    cli: ['engine', 'plugins', 'provider-lab', 'web', 'plugin-sdk'],
  }

  test.each(packages)('%s imports only what it may, by the name of the package', (name) => {
    const files = code.filter((file) => file.package === name)
    expect(files).not.toEqual([])
    for (const source of files) {
      for (const target of source.imports) {
        const ours = /^@tributary\/([^/]+)/.exec(target)?.[1]
        if (ours !== undefined) expect(allowed[name], `${source.path} → ${target}`).toContain(ours)
        if (target.startsWith('packages/'))
          expect(target, source.path).toMatch(new RegExp(`^packages/${name}/`))
      }
    }
  })

  test('the contract suite of plugins knows the engine by its port alone, and needs nothing but a test runner', () => {
    const suite = sources.filter(({ path }) => path.startsWith('packages/plugin-sdk/src/testing/'))
    const outside = suite
      .flatMap(({ imports }) => imports)
      .filter((target) => !target.startsWith('packages/'))
    expect([...new Set(outside)].sort()).toEqual(['node:assert/strict', 'vitest'])
  })

  test('plugins are registered in one place', () => {
    expect(filesWith(importsPackage('@tributary/plugins'))).toEqual(['packages/cli/src/load-plugins.ts'])
  })
})

describe('single doors', () => {
  test('only settings.ts reads the environment', () => {
    expect(filesWith(({ text }) => text.includes('process.env'))).toEqual([
      'packages/engine/src/configuration/settings.ts',
    ])
  })

  test('only engine/database imports the SQL libraries, beside the sql of the query builder', () => {
    const users = filesWith(importsPackage('pg'))
    expect(users).not.toEqual([])
    expect(users.filter((path) => !path.startsWith('packages/engine/src/database/'))).toEqual([])
    expect(filesWith(importsPackage('pg-copy-streams'))).toEqual([
      'packages/engine/src/database/copy-rows.ts',
      'packages/engine/src/database/read-arrays.ts',
    ])
    const builders = code.filter(importsPackage('kysely')).filter(({ path }) => !path.includes('/database/'))
    expect(builders).not.toEqual([])
    for (const { path, text } of builders) {
      expect(text, path).toMatch(/(import type \{ [\w, ]+|import \{ ((type \w+|sql)(, )?)+) \} from 'kysely'/)
    }
  })

  test('only shared-folder.ts reads TRIBUTARY_SHARED, so that no other test is skipped for it', () => {
    const files = ['packages', 'tests', 'bench'].flatMap((folder) => listFiles(join(root, folder)))
    const readers = files.filter((file) => /process\.env\W+TRIBUTARY_SHARED/.test(readFileSync(file, 'utf8')))
    expect(readers.map((file) => relative(root, file))).toEqual(['tests/harness/shared-folder.ts'])
  })

  test('only connection.ts and pool.ts make connections to the database', () => {
    const makes = ({ text }: Source) => /new (pg\.)?(Pool|Client)\b|extends (pg\.)?(Pool|Client)\b/.test(text)
    expect(filesWith(makes)).toEqual([
      'packages/engine/src/database/connection.ts',
      'packages/engine/src/database/pool.ts',
    ])
  })

  test('only locks.ts takes advisory locks, beside the function of the budgets in SQL', () => {
    const takes = ({ text }: Source) => text.includes('pg_advisory') || text.includes('pg_try_advisory')
    expect(filesWith(takes)).toEqual(['packages/engine/src/database/locks.ts'])
  })

  test('only insert-jobs.ts inserts jobs, and only move-jobs.ts changes their state', () => {
    const inserts = ({ text }: Source) => /insert into import_jobs|insertInto\('import_jobs'\)/.test(text)
    expect(filesWith(inserts)).toEqual(['packages/engine/src/jobs/insert-jobs.ts'])
    const moves = ({ text }: Source) =>
      /update(Table\('| )import_jobs[^;`]*?(\bset\b[^;`]*?\bstatus\b\s*=(?!=)|\.set\(\{[^}]*\bstatus\b)/.test(
        text,
      )
    expect(filesWith(moves)).toEqual(['packages/engine/src/jobs/move-jobs.ts'])
  })

  test('only the sealer decrypts', () => {
    expect(filesWith(({ text }) => text.includes('createDecipher'))).toEqual([
      'packages/engine/src/secrets/sealer.ts',
    ])
  })

  test('only outgoing.ts asks other hosts', () => {
    const speaks = ({ text }: Source) =>
      /import https from 'node:https'|(?<!\.|async )\bfetch\([^)]/.test(text.replaceAll(/\/?\*.*/g, ''))
    expect(filesWith((source) => source.package === 'engine' && speaks(source))).toEqual([
      'packages/engine/src/outgoing/outgoing.ts',
    ])
  })

  test('only audit.ts writes to the audit log', () => {
    expect(filesWith(({ text }) => text.includes("insertInto('audit_log')"))).toEqual([
      'packages/engine/src/audit/audit.ts',
    ])
  })

  test('only call-plugin.ts runs what a plugin gives', () => {
    const called = /\.(fetchData|mapData)\(|\.identify\?*\.?\(/
    expect(filesWith((source) => source.package === 'engine' && called.test(source.text))).toEqual([
      'packages/engine/src/sources/call-plugin.ts',
    ])
  })

  test('the other functions of a plugin are called by way of call-plugin.ts alone', () => {
    const called =
      /\b(api\??\.(isNoData|readError)|handler(\(\S+\))?\s*\.(adminFields|setupInfo|isConfigured|refreshTokens|validateCredentials|mapFile|mapDelivery))(\?\.)?\(/g
    const calls = code.flatMap(({ package: name, path, text }) =>
      name === 'engine'
        ? [...text.matchAll(called)].map(({ index }) => ({ path, before: text.slice(0, index) }))
        : [],
    )
    expect(calls.length).toBeGreaterThan(6)
    const byCall = /(callPlugin|callPluginNow|iteratePlugin|readPlugin)\([^;{}]*$/
    expect(calls.filter(({ before }) => !byCall.test(before)).map(({ path }) => path)).toEqual([])
  })

  test('only one file of web reaches the engine', () => {
    const reaches = (source: Source) =>
      source.package === 'web' && source.text.includes("Symbol.for('tributary.engine')")
    expect(filesWith(reaches)).toEqual(['packages/web/src/lib/server/engine.ts'])
    for (const { path, text } of code.filter(({ package: name }) => name === 'web')) {
      expect(text, path).not.toMatch(/import \{(?! type )[^}]*\} from '@tributary\/engine'/)
    }
  })
})

describe('the layers of the engine', () => {
  test('every folder has a row, and no row is left over', () => {
    const found = new Set([...imports.keys()].map(layerOf).filter((layer) => !composition.includes(layer)))
    expect([...found].sort()).toEqual(Object.keys(layers).sort())
  })

  test('no row allows a layer that stands below it in the table', () => {
    const order = Object.keys(layers)
    const upward = Object.entries(layers).flatMap(([layer, allowed]) =>
      allowed
        .filter((target) => order.indexOf(target) >= order.indexOf(layer))
        .map((target) => `${layer} → ${target}`),
    )
    expect(upward).toEqual([])
  })

  test('files import only what the row of their folder allows', () => {
    const refused = [...imports].flatMap(([file, targets]) => {
      const layer = layerOf(file)
      if (composition.includes(layer)) return []
      return targets
        .filter((target) => layerOf(target) !== layer && !layers[layer]?.includes(layerOf(target)))
        .map((target) => `${file} → ${target}`)
    })
    expect(refused).toEqual([])
  })

  test('every import that a row allows exists', () => {
    const used = new Set(
      [...imports].flatMap(([file, targets]) =>
        targets.map((target) => `${layerOf(file)} → ${layerOf(target)}`),
      ),
    )
    const rows = Object.entries(layers).flatMap(([layer, allowed]) =>
      allowed.map((target) => `${layer} → ${target}`),
    )
    expect(rows.filter((row) => !used.has(row))).toEqual([])
  })

  test('no files import each other in a circle', () => {
    expect(circlesIn(imports)).toEqual([])
  })

  test('a circle is found', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', []],
    ])
    expect(circlesIn(graph)).toEqual([['a', 'b', 'c']])
  })
})

describe('one way', () => {
  test('no step of an import imports another, but for the run that strings them', () => {
    const steps = [
      'import-run/archive-answers',
      'values/stage-records',
      'values/merge',
      'values/roll-up',
      'planning/record-coverage',
    ]
    for (const step of steps) {
      const source = code.find(({ path }) => path === `packages/engine/src/${step}.ts`)
      if (!source) throw new Error(`There is no step ${step}; name the steps in this test.`)
      const others = steps.filter((other) => other !== step)
      const values = source.text.replaceAll(/import type .*/g, '')
      for (const other of others) expect(values, step).not.toContain(`/${other.split('/')[1]}.ts'`)
    }
  })

  test('nothing but its own files knows a source by name', () => {
    const names = readdirSync(join(root, 'packages/plugins/src'))
      .filter((name) => name !== 'index.ts')
      .map((name) => name.replace('.ts', ''))
    expect(names).toContain('fitbit')
    const literal = new RegExp(`['"\`](${names.join('|')})['"\`./]`)
    const shared = code.filter((source) => !['plugins', 'provider-lab'].includes(source.package))
    expect(shared.filter(({ text }) => literal.test(text)).map(({ path }) => path)).toEqual([])
  })
})

describe('names and sizes', () => {
  test('files are kebab-case and none is a drawer', () => {
    for (const { path, package: name } of sources) {
      if (name === 'web' && path.includes('/routes/')) continue
      const file = path.split('/').at(-1) ?? ''
      expect(file, path).toMatch(
        /^[a-z0-9]+(-[a-z0-9]+)*((?:\.long)?\.test|\.svelte|\.server|\.d)?\.(ts|svelte)$/,
      )
      expect(path).not.toMatch(/\/(utils?|helpers?|common|shared|manager|misc)(\.|\/)/)
    }
  })

  test('no file of the product has over 250 lines, and no test over 400', () => {
    const long = sources.filter(
      ({ text, isTest }) => text.trimEnd().split('\n').length > (isTest ? 400 : 250),
    )
    expect(long.map(({ path }) => path)).toEqual([])
  })

  test('95 % of the functions have 35 lines at most', () => {
    const lengths = code.flatMap(functionLengths).sort((one, other) => one - other)
    expect(lengths.length).toBeGreaterThan(1000)
    expect(lengths[Math.ceil(lengths.length * 0.95) - 1]).toBeLessThanOrEqual(35)
  })

  test('no function of an import run has over 60 lines', () => {
    const files = code.filter(({ path }) => path.startsWith('packages/engine/src/import-run/'))
    expect(files.length).toBeGreaterThan(10)
    const long = files.filter((file) => functionLengths(file).some((lines) => lines > 60))
    expect(long.map(({ path }) => path)).toEqual([])
  })
})

/** The lines of every function and method that has a name of its own; of pages those in their scripts. */
function functionLengths({ path, text }: Source): number[] {
  const script = path.endsWith('.svelte') ? (/<script[^>]*>([^]*?)<\/script>/.exec(text)?.[1] ?? '') : text
  const file = ts.createSourceFile(path, script, ts.ScriptTarget.Latest, true)
  const lengths: number[] = []
  function visit(node: ts.Node): void {
    const isNamed =
      ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node)
    if (isNamed && node.body) lengths.push(node.getText(file).split('\n').length)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return lengths
}
