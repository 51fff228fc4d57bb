import { createHash } from 'node:crypto'
import { ImportError } from '@tributary/plugin-sdk'
import { beginningBytes, decodeBeginning } from './decode-text.ts'
import { findTable } from './find-table.ts'

/** A fingerprint of the names of a file's columns, whatever their case and spaces; `undefined` where the file is no table. */
export function fileKind(beginning: Uint8Array): string | undefined {
  try {
    return kindOf(findTable(decodeBeginning(beginning), beginning.length >= beginningBytes).header)
  } catch (error) {
    if (error instanceof ImportError) return undefined
    throw error
  }
}

export function kindOf(header: readonly string[]): string {
  const names = header.map((name) => name.normalize('NFC').toLowerCase())
  return createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 32)
}
