import type { TokenSet } from './auth/token-set.ts'
import type { FileRow, RejectedRow } from './files.ts'
import type { Answer, HttpClient } from './http.ts'
import type { MappedRecords } from './stream.ts'

/** One import as `processImport` gets it: of days that are fetched, of an uploaded file, or of what a device sent. */
export type ImportRun = WindowRun | FileRun | PushRun

interface Run {
  /** The user's IANA time zone. */
  readonly zone: string
  /** Writes what still waits and closes the job. An import that does not call it fails. */
  settle(): Promise<void>
}

/** The days of one stream, or of one of its data types, that are fetched together. */
export interface Window {
  stream: string
  /** Empty where the stream declares none. */
  dataType: string
  /** First local day, `YYYY-MM-DD`. */
  from: string
  /** Last local day, included. */
  to: string
}

/** An import that fetches days from the source's API, window by window. */
export interface WindowRun extends Run {
  readonly kind: 'windows'
  /** The windows to fetch, newest first, each within its stream's limit. */
  windows(): AsyncIterable<WindowImport>
  /** A client with the connection's token or key; refreshes it where needed. */
  connect(): Promise<HttpClient>
  /** The connection's tokens, for a plugin that declares to read its own secrets; throws for any other. */
  credentials(): Promise<TokenSet>
  /** Runs the plugin's own sign-in, `work`, and attributes its failure to the plugin or the source. */
  authenticate<Result>(work: () => Promise<Result>): Promise<Result>
}

/** A window on its way into the database: `archive`, then `stage`, then `commit`; or `fail`. */
export interface WindowImport extends Readonly<Window> {
  /**
   * Stores the responses that `fetch` yields before anything is read from them: as the bytes that came, or as JSON where the
   * plugin yields a page that it made itself.
   */
  archive(fetch: () => AsyncIterable<Answer>): Promise<ArchivedFetch>
  /** Records why the window failed: none of its days is covered. Throws where no other window can be fetched either. */
  fail(error: unknown): Promise<void>
}

/** One fetch whose responses are stored. */
export interface ArchivedFetch {
  /** The pages in order, as the stream's schema reads them. */
  readonly pages: readonly Answer[]
  /** Checks the records that `map` makes of the pages, and rejects bad ones. */
  stage(map: (pages: Answer[]) => MappedRecords): Promise<StagedRecords>
}

/** Records that were checked and are ready to be written. */
export interface StagedRecords {
  /** Queues them to be written with their coverage and counts, together with those of other windows. */
  commit(): Promise<void>
}

/** An import of one uploaded file. */
export interface FileRun extends Run {
  readonly kind: 'file'
  /** How the user has the file read, as the format's `mapping` describes. */
  readonly mapping: Answer
  /** Reads the file in one pass and writes its records in one transaction, as a layer of its own. */
  load(map: (content: AsyncIterable<Uint8Array>) => AsyncIterable<FileRow | RejectedRow>): Promise<void>
}

/** An import of what a device sent, delivery by delivery, oldest first. */
export interface PushRun extends Run {
  readonly kind: 'push'
  deliveries(): AsyncIterable<Delivery>
}

/** One body that a device sent and that is stored already. What it leaves out is not deleted. */
export interface Delivery {
  /** Checks the records that `map` makes of the parsed body, and rejects bad ones. */
  stage(map: (body: Answer) => MappedRecords): Promise<StagedRecords>
  /** Records why the delivery failed. */
  fail(error: unknown): Promise<void>
}
