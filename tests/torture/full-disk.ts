import { execFile } from 'node:child_process'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { NotPossibleHere, type Scenario } from './scenario.ts'
import { uploadRows } from './upload-rows.ts'

const run = promisify(execFile)
const uploadedRows = 15_000
const megabyte = Buffer.alloc(1024 * 1024)

/** Fills the disk of the data folder while history is imported, and makes room again. */
export function fullDisk({ megabytes, seconds }: { megabytes: number; seconds: number }): Scenario {
  return {
    database: 'embedded',
    longestOutageMs: Infinity,
    prepareFolder: (folder) => mountSmallDisk(folder, megabytes),
    async inflict({ hub, folder, ada, prober, faults, startImports }) {
      const filler = join(folder, 'data/filler')
      await startImports()
      const responses = new Map<string, number>()
      const began = performance.now()
      for (let file = 0; performance.now() - began < seconds * 1000; file++) {
        await fill(filler)
        const { response } = await uploadRows(hub.url, ada, {
          column: `full-${file}`,
          rows: uploadedRows,
        })
        responses.set(response, (responses.get(response) ?? 0) + 1)
        await pause(500)
      }
      await rm(filler)
      const said = [...responses].map(([response, times]) => `${times} × ${response}`).join(', ')
      if (![...responses.keys()].some((response) => response.includes('full')))
        faults.push(`no upload was refused because the disk is full, but: ${said}`)
      const room = performance.now()
      await prober.allAnswer()
      const back = Math.round(performance.now() - room)
      return `a disk of ${megabytes} MB full for ${seconds} s; uploads meanwhile: ${said}; pages back ${back} ms after there was room`
    },
  }
}

/** Mounts a file system in memory, which only root may do. */
async function mountSmallDisk(folder: string, megabytes: number): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true })
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  } catch {
    throw new NotPossibleHere('only root on Linux can mount the small disk that it needs')
  }
  return async () => void (await run('umount', [folder]))
}

/** Appends to a file until nothing more fits on its disk. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'a')
  try {
    for (let size = megabyte.length; size >= 1;) {
      try {
        const { bytesWritten } = await file.write(megabyte, 0, size)
        if (bytesWritten < size) size = bytesWritten
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        size = Math.floor(size / 2)
      }
    }
  } finally {
    await file.close()
  }
}
