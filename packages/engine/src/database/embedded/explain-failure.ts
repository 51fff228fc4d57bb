import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/** Turns the file system's refusals into sentences a person can act on; other errors stay as they are. */
export function explainFailure(error: unknown, dataDir: string): unknown {
  const { code, path = dataDir } = error as NodeJS.ErrnoException
  const sentence = describe(code, path)
  return sentence === undefined ? error : new EmbeddedPostgresError(sentence, { cause: error })
}

function describe(code: string | undefined, path: string): string | undefined {
  const elsewhere = 'set TRIBUTARY_DATA_DIR to another folder.'
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `Tributary may not read or write ${path}: give it to the user who starts Tributary, or ${elsewhere}`
    case 'EROFS':
      return `The disk of ${path} cannot be written to: make it writable, or ${elsewhere}`
    case 'ENOSPC':
      return `The disk of ${path} is full: make room and start again, or ${elsewhere}`
    case 'EEXIST':
    case 'ENOTDIR':
      return `${path} cannot be a folder, because a file is in its way: move that file, or ${elsewhere}`
    default:
      return undefined
  }
}
