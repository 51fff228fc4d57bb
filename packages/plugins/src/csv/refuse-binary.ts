import { ImportError } from '@tributary/plugin-sdk'

const signatures: { starts: number[]; sentence: string }[] = [
  { starts: [0xd0, 0xcf, 0x11, 0xe0], sentence: 'This is an Excel file; save it as CSV first.' },
  { starts: [0x1f, 0x8b], sentence: 'This is a compressed file; unpack it and upload the CSV file in it.' },
  { starts: [0x25, 0x50, 0x44, 0x46], sentence: 'This is a PDF; upload the CSV file that it was made from.' },
]
const zip = [0x50, 0x4b, 0x03, 0x04]

/** Throws a sentence that says what to do where a file's beginning is not that of a text. */
export function refuseBinary(beginning: Uint8Array): void {
  const sentence = binaryKind(beginning)
  if (sentence) throw new ImportError('bad-record', sentence)
}

function binaryKind(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'The file is empty; choose one with a header and rows.'
  if (startsWith(bytes, zip))
    return Buffer.from(bytes).includes('xl/') || Buffer.from(bytes).includes('[Content_Types].xml')
      ? 'This is an Excel file; save it as CSV first.'
      : 'This is a zip file; unpack it and upload the CSV file in it.'
  const known = signatures.find(({ starts }) => startsWith(bytes, starts))
  if (known) return known.sentence
  const utf16 = startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])
  return bytes.includes(0) && !utf16 ? 'This is no text file; save your data as CSV first.' : undefined
}

function startsWith(bytes: Uint8Array, starts: readonly number[]): boolean {
  return starts.every((byte, at) => bytes[at] === byte)
}
