import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const web = import.meta.dirname
const sources = [
  'src/**/*',
  'static/**/*',
  'vite.config.ts',
  'tsconfig.json',
  'package.json',
  // What pages and their server take from other packages.
  '../engine/src/domain/time-of-day.ts',
  '../api/src/**/*',
  '../../package-lock.json',
]
const stamp = join(web, 'build', 'sources.sha256')

const wanted = hashSources()
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) build()

function hashSources(): string {
  const hash = createHash('sha256')
  for (const path of globSync(sources, { cwd: web }).sort()) {
    const file = join(web, path)
    if (path.endsWith('.test.ts') || !statSync(file).isFile()) continue
    hash
      .update(`${path.replaceAll('\\', '/')}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

function build(): void {
  const vite = join(createRequire(import.meta.url).resolve('vite/package.json'), '..', 'bin', 'vite.js')
  const result = spawnSync(process.execPath, [vite, 'build'], { cwd: web, encoding: 'utf8' })
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n`)
    process.stderr.write('The pages could not be built; what is above says why.\n')
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}
