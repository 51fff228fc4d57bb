import { type Answer, ImportError } from '@tributary/plugin-sdk'

/** No provider nests half as deep; what reads an answer step by step must not run out of stack. */
const deepest = 100

const [quote, escape, space] = [0x22, 0x5c, 0x20]
const opening = [0x5b, 0x7b]
const closing = [0x5d, 0x7d]

/** Reads an answer; `undefined` where it is no JSON. Throws an `ImportError` where it is nested too deep. */
export function parseAnswer(raw: Buffer, source: string): Answer {
  if (isTooDeep(raw))
    throw new ImportError('unavailable', `${source} gave an answer that is nested too deep to be data.`)
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
}

/** Counts before anything is parsed: what is not closed costs memory too. */
function isTooDeep(raw: Buffer): boolean {
  const first = raw.find((byte) => byte > space) ?? 0
  if (!opening.includes(first)) return false
  let depth = 0
  let inText = false
  for (let at = 0; at < raw.length; at += 1) {
    const byte = raw[at] ?? 0
    if (inText) {
      if (byte === escape) at += 1
      else if (byte === quote) inText = false
    } else if (byte === quote) inText = true
    else if (opening.includes(byte)) {
      depth += 1
      if (depth > deepest) return true
    } else if (closing.includes(byte)) depth -= 1
  }
  return false
}
