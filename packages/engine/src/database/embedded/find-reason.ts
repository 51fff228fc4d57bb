/** Finds in what PostgreSQL printed the line that says what went wrong, without its time and level. */
export function findReason(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const told =
    lines.findLast((line) => /\b(FATAL|PANIC|ERROR|error): /.test(line)) ?? lines.at(-1) ?? 'it said nothing'
  return told.replace(/^.*?\b(FATAL|PANIC|ERROR|error): +/, '').trim()
}
