import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identifySelf } from './identify-process.ts'
import { lockFolder } from './lock-folder.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'tributary-lock-'))))
afterEach(() => rm(folder, { recursive: true }))

const leave = (claim: object) => writeFile(join(folder, 'postgres.lock'), JSON.stringify(claim))

test('a folder is taken once, and again after it was let go', async () => {
  const unlock = await lockFolder(folder)
  await expect(lockFolder(folder)).rejects.toThrow(
    /in use by another Tributary \(process \d+ on .*stop that one/,
  )
  await unlock()
  expect(await readdir(folder)).toEqual([])
  await (
    await lockFolder(folder)
  )()
})

test('of many who find an abandoned folder at once, one gets it', async () => {
  for (let round = 0; round < 100; round++) {
    await leave({ ...(await identifySelf()), pid: 2 ** 22 + 1 })
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)))
    const taken = results.filter((result) => result.status === 'fulfilled')
    expect(taken).toHaveLength(1)
    expect(await readdir(folder)).toEqual(['postgres.lock'])
    await taken[0]?.value()
  }
})

test('one who was killed while taking an abandoned folder holds it no more than the first', async () => {
  const gone = { ...(await identifySelf()), pid: 2 ** 22 + 1 }
  await leave(gone)
  const name = createHash('sha256').update(JSON.stringify(gone)).digest('hex').slice(0, 16)
  await writeFile(join(folder, `postgres.lock.${name}`), JSON.stringify({ ...gone, claim: 'another' }))
  const unlock = await lockFolder(folder)
  expect(await readdir(folder)).toEqual(['postgres.lock'])
  expect(await readFile(join(folder, 'postgres.lock'), 'utf8')).toContain(`"pid":${process.pid}`)
  await unlock()
})

test.runIf(process.platform === 'linux')(
  'a process number that was used again does not hold a folder',
  async () => {
    await leave({ ...(await identifySelf()), began: '1' })
    await (
      await lockFolder(folder)
    )()
  },
)

test('a holder that cannot be seen from here holds the folder while it beats', async () => {
  await leave({ pid: process.pid, place: 'another-container', began: '1' })
  const beat = setInterval(() => void utimes(join(folder, 'postgres.lock'), new Date(), new Date()), 100)
  await expect(lockFolder(folder)).rejects.toThrow('on another-container')
  clearInterval(beat)
})

test('a holder that cannot be seen from here and has long been silent is gone', async () => {
  await leave({ pid: process.pid, place: 'another-container', began: '1' })
  await utimes(join(folder, 'postgres.lock'), 0, 0)
  const unlock = await lockFolder(folder)
  expect(await readFile(join(folder, 'postgres.lock'), 'utf8')).toContain(`"pid":${process.pid}`)
  await unlock()
})
