import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts the machine's Chromium, or the one from the packages where it has none. */
export async function launchBrowser(): Promise<Browser> {
  const found = installed.find((path) => existsSync(path))
  if (found) return chromium.launch({ executablePath: found, args: quiet })
  // The package unpacks into the folder for temporary files, which another user may have filled.
  const folder = join(tmpdir(), `tributary-browser-${process.getuid?.() ?? 'user'}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const env = {
    ...process.env,
    TMPDIR: folder,
    LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
  } as Record<string, string>
  return chromium.launch({ executablePath: await unpack(folder), args: quiet, env })
}

/** Unpacks Chromium and its libraries into a folder, which the package takes from the environment. Returns its path. */
async function unpack(folder: string): Promise<string> {
  const { TMPDIR: before } = process.env
  process.env['TMPDIR'] = folder
  try {
    const { default: packaged, inflate } = await import('@sparticuz/chromium')
    const libraries = new URL('../bin/al2023.tar.br', import.meta.resolve('@sparticuz/chromium')).pathname
    await inflate(libraries)
    return await packaged.executablePath()
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}
