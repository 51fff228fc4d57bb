import type { Job, UploadInfo } from '@tributary/api'
import type { FileGuess } from '@tributary/plugin-sdk'

export type { UploadInfo }

export type { FileChoice, FileGuess, FilePreview, FileQuestion } from '@tributary/plugin-sdk'

export interface NewUpload {
  fileName: string
  content: AsyncIterable<Uint8Array>
  /** Asked after the content: the mapping as JSON, or `undefined` for what is guessed. */
  mapping(): string | undefined
}

export interface Uploads {
  /**
   * How a file can be read, by its first 256 KiB: the mapping that an upload takes, and what a person has to decide first.
   * `given` are parts of the mapping that are decided already. Throws `Problem` 422.
   */
  guess(userId: string, id: string, beginning: Uint8Array, given?: object): Promise<FileGuess>
  /**
   * Stores a file and requests its import. Throws `Problem` 422 with what is wrong and what to do: `mapping-unclear`, with the
   * `questions` of the guess and its `mapping`, where no mapping is given and the file leaves something open.
   */
  receive(userId: string, id: string, upload: NewUpload): Promise<Job>
  /** The newest first. */
  list(userId: string, id: string): Promise<UploadInfo[]>
  /** Takes one back. Throws `Problem` 404. */
  undo(userId: string, uploadId: string): Promise<void>
}
