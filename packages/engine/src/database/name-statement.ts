/** Plans take memory in every connection that has them. */
const mostNamed = 200
const mostSeen = 1000

const seen = new Set<string>()
const names = new Map<string, string>()

/**
 * The name under which a connection prepares a statement (PostgreSQL, "PREPARE"), so that it is parsed and rewritten once,
 * and planned once where a plan of its own would not be cheaper: that is half of what a short one takes.
 *
 * Only what comes a second time has one, since a list of values makes another text at each length.
 */
export function nameStatement(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= mostNamed) return known
  if (!seen.delete(text)) {
    if (seen.size >= mostSeen) seen.clear()
    seen.add(text)
    return undefined
  }
  const name = `tributary_${names.size + 1}`
  names.set(text, name)
  return name
}
