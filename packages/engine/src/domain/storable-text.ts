/** What PostgreSQL takes of a text that came from outside: a zero byte and half a character are replaced. */
export function toStorableText(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed()
}
