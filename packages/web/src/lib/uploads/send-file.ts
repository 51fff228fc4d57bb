import type { FileGuess, Job } from '@tributary/engine'
import { ApiError } from '../call-api.ts'

const unreachable = 'Tributary cannot be reached. Check your connection and try again.'
const failed = 'That did not work. Try again in a moment.'

/** Sends a file to be imported, and tells how much of it is there, from 0 to 1. Throws `ApiError`. */
export function sendFile(
  pluginId: string,
  file: File,
  mapping: unknown,
  onprogress: (share: number) => void,
): Promise<Job> {
  const form = new FormData()
  if (mapping !== undefined) form.append('mapping', JSON.stringify(mapping))
  form.append('file', file)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/plugins/${pluginId}/upload`)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      if (lengthComputable) onprogress(loaded / total)
    }
    request.onload = () => {
      const answer = request.response as { job?: Job; detail?: string } | null
      if (request.status === 202 && answer?.job) resolve(answer.job)
      else reject(new ApiError(request.status, answer?.detail ?? failed))
    }
    request.onerror = () => reject(new ApiError(0, unreachable))
    request.send(form)
  })
}

/** Guesses how a file can be read, by its beginning and the parts of the mapping that are set. Throws `ApiError`. */
export async function guessFile(
  pluginId: string,
  beginning: Uint8Array<ArrayBuffer>,
  given: object = {},
): Promise<FileGuess> {
  const query = new URLSearchParams({ given: JSON.stringify(given) })
  const response = await fetch(`/api/plugins/${pluginId}/upload/guess?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: beginning,
  }).catch(() => {
    throw new ApiError(0, unreachable)
  })
  const answer = (await response.json().catch(() => null)) as (FileGuess & { detail?: string }) | null
  if (!response.ok || !answer) throw new ApiError(response.status, answer?.detail ?? failed)
  return answer
}
