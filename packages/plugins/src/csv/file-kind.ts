import { createHash } from 'node:crypto'
import { ImportError } from '@tributary/plugin-sdk'
import { beginningBytes, decodeBeginning } from './decode-text.ts'
import { guessDelimiter } from './guess-delimiter.ts'

/** A fingerprint of the names of a file's columns, whatever their case and spaces; `undefined` where the file is no table. */
export function fileKind(beginning: Uint8Array): string | undefined {
  try {
    const { header } = guessDelimiter(decodeBeginning(beginning), beginning.length >= beginningBytes)
    const names = header.map((name) => name.normalize('NFC').toLowerCase())
    return createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 32)
  } catch (error) {
    if (error instanceof ImportError) return undefined
    throw error
  }
}
