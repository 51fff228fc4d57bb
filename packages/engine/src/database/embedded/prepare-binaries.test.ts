import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { locatePackage } from './locate-package.ts'
import { prepareBinaries } from './prepare-binaries.ts'
import { runProgram } from './run-program.ts'

const nobody = { uid: 65534, gid: 65534 }
const asRoot = process.getuid?.() === 0

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'tributary-binaries-'))))
afterEach(() => rm(folder, { recursive: true }))

/** As npm unpacks it: without links. */
async function unpackPackage(): Promise<{ native: string; version: string }> {
  const { native, version } = await locatePackage()
  const unpacked = join(folder, 'package', 'native')
  const filter = async (path: string) => !(await lstat(path)).isSymbolicLink()
  await cp(native, unpacked, { recursive: true, filter })
  return { native: unpacked, version }
}

test('links that npm did not make are made in the package', async () => {
  const unpacked = await unpackPackage()
  const { initdb } = await prepareBinaries(unpacked, folder, undefined)
  expect(initdb).toContain(unpacked.native)
  expect((await runProgram(initdb, ['--version'])).output).toContain('PostgreSQL')
})

test.runIf(asRoot)(
  'a package out of the reach of the user is copied once, in place of older copies',
  async () => {
    const unpacked = await unpackPackage()
    const dataDir = await mkdtemp(join(tmpdir(), 'tributary-binaries-data-'))
    await chmod(dataDir, 0o711)
    await mkdir(join(dataDir, 'postgres-bin-17.0.0'))
    try {
      const { postgres } = await prepareBinaries(unpacked, dataDir, nobody)
      expect(postgres).toBe(join(dataDir, `postgres-bin-${unpacked.version}`, 'bin', 'postgres'))
      const { ctimeMs } = await lstat(postgres)
      await prepareBinaries(unpacked, dataDir, nobody)
      expect((await lstat(postgres)).ctimeMs).toBe(ctimeMs)
      expect(await readdir(dataDir)).toEqual([`postgres-bin-${unpacked.version}`])
    } finally {
      await rm(dataDir, { recursive: true })
    }
  },
)
