import { ImportError } from '@tributary/plugin-sdk'

const mostBytes = 64 * 1024 * 1024

/** Reads a whole answer, counted while it is inflated; one that is too large or breaks off is no answer. */
export async function readBody(response: Response, source: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > mostBytes) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw new ImportError('unavailable', `${source} broke off in the middle of an answer.`, { cause })
  }
  if (bytes > mostBytes) throw new ImportError('unavailable', `${source} gave an answer of over 64 MiB.`)
  return Buffer.concat(chunks)
}
