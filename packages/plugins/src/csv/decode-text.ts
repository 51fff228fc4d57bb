import { isAscii, isUtf8 } from 'node:buffer'

/** As much of a file as its reading is guessed by. */
export const beginningBytes = 256 * 1024

/** Gives a file in pieces of at least the beginning's length, but for the last. */
export async function* inPieces(file: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let waiting: Uint8Array[] = []
  let length = 0
  for await (const chunk of file) {
    waiting.push(chunk)
    length += chunk.length
    if (length < beginningBytes) continue
    yield Buffer.concat(waiting)
    waiting = []
    length = 0
  }
  if (length > 0) yield Buffer.concat(waiting)
}

/** Decodes a file piece by piece, with `\n` at the end of every line whatever it had. */
export async function* decodeText(pieces: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let decoder: TextDecoder | undefined
  let held = ''
  for await (const piece of pieces) {
    // ASCII reads the same in every encoding without a mark.
    if (!isAscii(piece)) decoder ??= new TextDecoder(encodingOf(piece))
    const text = held + (decoder?.decode(piece, { stream: true }) ?? Buffer.from(piece).toString('latin1'))
    // The other half of a `\r\n` may come with the next piece.
    held = text.endsWith('\r') ? '\r' : ''
    yield unixLines(held ? text.slice(0, -1) : text)
  }
  yield unixLines(held + (decoder?.decode() ?? ''))
}

/** Decodes the beginning of a file, which may end in the middle of a character. */
export function decodeBeginning(bytes: Uint8Array): string {
  return unixLines(new TextDecoder(encodingOf(bytes)).decode(bytes, { stream: true }))
}

function unixLines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

/** By the mark at its start; without one UTF-8 where it is valid as such, and else what Windows wrote in Western Europe. */
function encodingOf(piece: Uint8Array): string {
  const [first, second] = piece
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  const beginning = piece.subarray(0, beginningBytes)
  return isUtf8(beginning.subarray(0, wholeCharacters(beginning))) ? 'utf-8' : 'windows-1252'
}

/** How many bytes remain without a UTF-8 character that is cut off at the end. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) break
    if (byte < 0xc0) continue
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return back < needs ? bytes.length - back : bytes.length
  }
  return bytes.length
}
