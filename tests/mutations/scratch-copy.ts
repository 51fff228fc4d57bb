import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Where npm links our own packages. */
const scope = '@tributary'

/** Made by `npm run build`, so that a copy builds only what a patch changes. */
const built = 'packages/web/build'

/**
 * Copies the files of a checkout, uncommitted ones included, and returns the copy's path; it is removed when this process
 * ends.
 *
 * Dependencies are links to those of the checkout, our own packages are links to the copied ones.
 */
export function createScratchCopy(root: string): string {
  const copy = mkdtempSync(join(realpathSync(tmpdir()), 'tributary-mutation-'))
  process.on('exit', () => rmSync(copy, { recursive: true, force: true, maxRetries: 5 }))
  // PostgreSQL runs as another user, which has to reach its programs.
  chmodSync(copy, 0o755)
  for (const file of listFiles(root)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file))
  }
  if (existsSync(join(root, built))) cpSync(join(root, built), join(copy, built), { recursive: true })
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name))
  for (const folder of ['', ...packages]) linkDependencies(join(root, folder), join(copy, folder))
  const links = join(copy, 'node_modules', scope)
  mkdirSync(links)
  for (const folder of packages)
    symlinkSync(join(copy, folder), join(links, folder.slice('packages/'.length)))
  return copy
}

/** Applies a patch. Throws where it does not apply. */
export function applyPatch(copy: string, patch: string): void {
  execFileSync('git', ['apply', patch], { cwd: copy, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
}

/** Takes back a patch that was applied. */
export function revertPatch(copy: string, patch: string): void {
  execFileSync('git', ['apply', '--reverse', patch], { cwd: copy })
}

function listFiles(root: string): string[] {
  const flags = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const files = execFileSync('git', flags, { cwd: root, encoding: 'utf8' }).split('\0')
  return files.filter((file) => file !== '' && existsSync(join(root, file)))
}

function linkDependencies(from: string, to: string): void {
  const folder = join(from, 'node_modules')
  if (!existsSync(folder)) return
  mkdirSync(join(to, 'node_modules'))
  const isCache = (name: string) => name.startsWith('.') && name !== '.bin'
  for (const name of readdirSync(folder).filter((entry) => entry !== scope && !isCache(entry)))
    symlinkSync(join(folder, name), join(to, 'node_modules', name))
}
