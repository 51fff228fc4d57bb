import { importErrorCode } from '@tributary/plugin-sdk'
import { DatabaseUnavailable } from './connection.ts'
import { Problem } from '../domain/problem.ts'

/** A fault of the machine or of the database, which whoever runs Tributary can mend. */
export type MachineFault =
  'disk-full' | 'disk-read-only' | 'not-permitted' | 'in-the-way' | 'too-many-files' | 'database-unavailable'

/** What keeps Tributary from starting, as one sentence that a person can act on. */
export class StartError extends Error {
  override name = 'StartError'
}

/** Codes of the operating system (`man errno`) and of PostgreSQL ("PostgreSQL Error Codes"). */
const faultsByCode: Record<string, MachineFault> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  '53100': 'disk-full',
  EROFS: 'disk-read-only',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  EEXIST: 'in-the-way',
  ENOTDIR: 'in-the-way',
  EMFILE: 'too-many-files',
  ENFILE: 'too-many-files',
  // Too many connections; the administrator or a crash ends them; the server starts or stops.
  '53300': 'database-unavailable',
  '57P01': 'database-unavailable',
  '57P02': 'database-unavailable',
  '57P03': 'database-unavailable',
}

/** The same in what PostgreSQL's programs print. */
const faultsInText: [RegExp, MachineFault][] = [
  [/No space left on device|Disk quota exceeded/, 'disk-full'],
  [/Read-only file system/, 'disk-read-only'],
  [/Too many open files|insufficient file descriptors|EMFILE|ENFILE/, 'too-many-files'],
]

/** The fault of the machine that an error, or what caused it, stands for. Errors of sources are none. */
export function faultOf(error: unknown): MachineFault | undefined {
  if (!(error instanceof Error) || importErrorCode(error) !== undefined) return undefined
  const { code } = error as NodeJS.ErrnoException
  const fault = code !== undefined && Object.hasOwn(faultsByCode, code) ? faultsByCode[code] : undefined
  if (fault) return fault
  return error instanceof DatabaseUnavailable ? 'database-unavailable' : faultOf(error.cause)
}

export function faultInText(text: string): MachineFault | undefined {
  return faultsInText.find(([pattern]) => pattern.test(text))?.[1]
}

/** What keeps Tributary from starting; `path`: the file or folder that could not be used. */
export function describeStartFault(fault: MachineFault | undefined, path: string): string | undefined {
  const elsewhere = 'set TRIBUTARY_DATA_DIR to another folder.'
  switch (fault) {
    case 'not-permitted':
      return `Tributary may not read or write ${path}: give it to the user who starts Tributary, or ${elsewhere}`
    case 'disk-read-only':
      return `The disk of ${path} cannot be written to: make it writable, or ${elsewhere}`
    case 'disk-full':
      return `The disk of ${path} is full: make room and start again, or ${elsewhere}`
    case 'in-the-way':
      return `${path} cannot be a folder, because a file is in its way: move that file, or ${elsewhere}`
    case 'too-many-files':
      return 'Tributary may open too few files at once: raise the limit to 1024 or more (ulimit -n, or LimitNOFILE in a systemd unit) and start again.'
    default:
      return undefined
  }
}

/** Turns the operating system's refusals into a `StartError`; other errors stay as they are. */
export function explainStart(error: unknown, dataDir: string): unknown {
  const fault = faultOf(error)
  const isOfDisk = fault === 'disk-full' || fault === 'disk-read-only'
  const { path = dataDir } = error as NodeJS.ErrnoException
  const sentence = describeStartFault(fault, isOfDisk ? dataDir : path)
  return sentence === undefined ? error : new StartError(sentence, { cause: error })
}

/** What somebody is told whose request or import met a fault of the machine; `undefined` where it is none. */
export function problemOf(error: unknown): Problem | undefined {
  switch (faultOf(error)) {
    case 'database-unavailable':
      return new Problem(
        503,
        'database-unavailable',
        'The database cannot be reached. Try again in a moment.',
        { cause: error, retryAfter: 5 },
      )
    case 'disk-full':
      return new Problem(
        507,
        'disk-full',
        'The disk of this installation is full. Ask an admin to make room, then try again.',
        { cause: error, retryAfter: 60 },
      )
    default:
      return undefined
  }
}
