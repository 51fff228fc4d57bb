/**
 * Counts messages of some types in one direction of a connection to PostgreSQL: a byte for the type, then four for the
 * length (PostgreSQL, "Message Formats"). A client's first message has no type.
 */
export function createMessageCounter(
  types: string,
  { startsUntyped = false } = {},
): (bytes: Buffer) => number {
  let rest = Buffer.alloc(0)
  let headBytes = startsUntyped ? 0 : 1

  return (bytes) => {
    let count = 0
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= headBytes + 4) {
      const length = headBytes + rest.readInt32BE(headBytes)
      if (rest.length < length) break
      if (headBytes > 0 && types.includes(String.fromCharCode(rest[0] ?? 0))) count += 1
      rest = rest.subarray(length)
      headBytes = 1
    }
    return count
  }
}
