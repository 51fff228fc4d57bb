import { open, truncate, type FileHandle } from 'node:fs/promises'

const LIMIT = 10 * 1024 * 1024

/** Opens PostgreSQL's log for adding to it, emptied first when it has grown large. */
export async function openServerLog(path: string): Promise<FileHandle> {
  const file = await open(path, 'a+', 0o600)
  if ((await file.stat()).size > LIMIT) await truncate(path)
  return file
}

/** Reads what was added to the log since it had this size. */
export async function readLogSince(file: FileHandle, size: number): Promise<string> {
  const length = Math.min((await file.stat()).size - size, LIMIT)
  if (length <= 0) return ''
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size)
  return buffer.toString('utf8', 0, bytesRead)
}
