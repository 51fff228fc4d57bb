import type { Job } from './jobs.ts'

export interface NewUpload {
  fileName: string
  content: AsyncIterable<Uint8Array>
  /** Asked after the content: the mapping as JSON, or `undefined` for what is guessed. */
  mapping(): string | undefined
}

export interface UploadInfo {
  id: string
  fileName: string
  bytes: number
  /** The first and last day that it touched; `null` until it is read. */
  from: string | null
  to: string | null
  createdAt: string
  undone: boolean
  jobId: string | null
}

export interface Uploads {
  /** How a file is read, by its first 256 KiB: the mapping that an upload takes. Throws `Problem` 422. */
  guess(id: string, beginning: Uint8Array): Promise<unknown>
  /** Keeps a file and asks for its import. Throws `Problem` 422 with what is wrong and what to do. */
  receive(userId: string, id: string, upload: NewUpload): Promise<Job>
  /** The newest first. */
  list(userId: string, id: string): Promise<UploadInfo[]>
  /** Takes one back. Throws `Problem` 404. */
  undo(userId: string, uploadId: string): Promise<void>
}
