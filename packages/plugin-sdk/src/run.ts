import type { TokenSet } from './auth/token-set.ts'
import type { Answer, HttpClient } from './http.ts'
import type { MappedRecords } from './stream.ts'
import type { FileRow, RejectedRow } from './files.ts'

/** The days of one stream, or of one of its data types, that are fetched together. */
export interface Window {
  stream: string
  /** Empty where the stream declares none. */
  dataType: string
  from: string
  to: string
}

/** One fetch whose answers are kept. */
export interface ArchivedFetch {
  window: Window
  /** The answers in order, as the stream's schema reads them. */
  pages: Answer[]
}

/** A file that a user uploaded. */
export interface UploadedFile {
  /** How the user has it read, as the format's `mapping` describes. */
  mapping: Answer
}

/** Records of one fetch that were checked and are ready to be written. */
export interface StagedRecords {
  archived: ArchivedFetch
}

/**
 * What one import needs of the engine, step by step. Each step takes what the one before gave; none goes back.
 *
 * `archive` keeps the answers before anything is read from them; `stage` checks the records and rejects bad ones;
 * `cover` hands them over to be written with the window's coverage, together with those of other windows; `fail` notes a window that covers nothing;
 * `settle` writes what still waits and closes the job.
 */
export interface ImportRun {
  /** The user's IANA time zone. */
  readonly zone: string
  /** The windows to fetch, newest first, each within its stream's limit. */
  windows(): AsyncIterable<Window>
  /** A client with the connection's token or key; refreshes it where needed. */
  connect(): Promise<HttpClient>
  /** The connection's tokens, for a plugin that declares to read its own secrets; throws for any other. */
  credentials(): Promise<TokenSet>
  /** Runs the plugin's own way to sign in, `work`, and says whose fault it is where that fails. */
  authenticate<Result>(work: () => Promise<Result>): Promise<Result>
  archive(window: Window, fetch: () => AsyncIterable<Answer>): Promise<ArchivedFetch>
  stage(archived: ArchivedFetch, map: (pages: Answer[]) => MappedRecords): Promise<StagedRecords>
  cover(staged: StagedRecords): Promise<void>
  /** Notes why a window failed; throws where no other window can be asked either. */
  fail(window: Window, error: unknown): Promise<void>
  settle(): Promise<void>
  /** The uploaded files of this run; a run has files or windows. */
  files(): Iterable<UploadedFile>
  /** Reads a file in one pass and writes what it holds in one transaction, as a layer of its own. */
  load(
    file: UploadedFile,
    map: (content: AsyncIterable<Uint8Array>) => AsyncIterable<FileRow | RejectedRow>,
  ): Promise<void>
}
