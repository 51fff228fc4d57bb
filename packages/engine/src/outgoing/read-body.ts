import { ImportError } from '@tributary/plugin-sdk'

const mebibyte = 1024 * 1024

/** Reads a whole answer, counted while it is inflated; one that is too large or breaks off is no answer. */
export async function readBody(response: Response, source: string, mostMebibytes = 64): Promise<Buffer> {
  const most = mostMebibytes * mebibyte
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > most) break
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof ImportError) throw cause
    throw new ImportError('unavailable', `${source} broke off in the middle of an answer.`, { cause })
  }
  if (bytes > most)
    throw new ImportError('unavailable', `${source} gave an answer of over ${mostMebibytes} MiB.`)
  return Buffer.concat(chunks)
}
