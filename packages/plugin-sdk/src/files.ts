import type { Field } from './fields.ts'
import type { Answer } from './http.ts'
import type { MappedRecord } from './records.ts'
import type { StandardSchema } from './standard-schema.ts'

/** A row of a file, with its records. A daily record without fields says that the file has the day and no value for it. */
export interface FileRow {
  /** Counted from 1, as an editor shows it. */
  line: number
  records: MappedRecord[]
}

/** A row of a file that could not be read. */
export interface RejectedRow {
  /** Counted from 1, as an editor shows it. */
  line: number
  reason: string
}

/** One answer to a question about a file. */
export interface FileChoice {
  /** Names the answer among those of its question. */
  value: string
  /** What a cell of the file means by this answer, e.g. `05/06/2026 is 6 May 2026`. */
  example: string
  /** What the answer sets in the mapping, by JSON pointer (RFC 6901), e.g. `{ "/dateFormat": "MM/DD/YYYY" }`. */
  set: Record<string, string>
}

/** What a file leaves open and a person has to decide, because each answer gives other values. */
export interface FileQuestion {
  /** The column that it is about. */
  column: string
  /** One sentence. */
  question: string
  /** At least two. The first is what the guessed mapping says. */
  choices: FileChoice[]
}

/** The beginning of a file as a table, for the page on which a person decides how it is read. */
export interface FilePreview<Mapping = Answer> {
  /** The names of all columns, empty where one has none. */
  header: string[]
  /** The first rows under the header, as they are written. */
  rows: string[][]
  /** The guessed mapping with every column that can be imported, those too that the guess leaves out. */
  candidates: Mapping
}

/** How a file can be read, as far as its beginning shows. */
export interface FileGuess<Mapping = Answer> {
  mapping: Mapping
  /** While there are any, the mapping is used only when a person sends it back. */
  questions: FileQuestion[]
  preview: FilePreview<Mapping>
}

/** What is known besides a file when its reading is guessed. */
export interface GuessContext<Mapping = Answer> {
  /** Parts of the mapping that a person has set already. */
  given?: Partial<Mapping>
  /** How the user's earlier files of this format were read, the newest first. */
  earlier?: { fileKind: string; mapping: Mapping }[]
  /** Some values that earlier files brought, by field. */
  samples?: Record<string, number[]>
}

/**
 * A format of files that users upload. Each upload is a layer of its own, which never deletes another; where two layers
 * speak of the same day, the newer one counts.
 */
export interface FileFormat<Mapping = Answer> {
  /** Endings of such files, e.g. `.csv`. */
  accept: string[]
  /** What the mapping of a user must look like. */
  mapping: StandardSchema<Mapping>
  /**
   * How to read a file by its first 256 KiB; a shorter beginning is the whole file. Throws an `ImportError` `bad-record` with a
   * sentence where the file cannot be read.
   */
  guess(beginning: Uint8Array, context?: GuessContext<Mapping>): FileGuess<Mapping>
  /**
   * A fingerprint of what files of one program have in common, such as the names of their columns; `undefined` where there is
   * none. Files of one kind are read as the newest of them was.
   */
  fileKind?(beginning: Uint8Array): string | undefined
  /** The fields that a file brings by its mapping. */
  fields(mapping: Mapping): Record<string, Field>
  /** Reads a file in one pass, however large: each row with its records, or with the reason why it could not be read. */
  mapFile(
    file: AsyncIterable<Uint8Array>,
    mapping: Mapping,
    context: { zone: string },
  ): AsyncIterable<FileRow | RejectedRow>
}
