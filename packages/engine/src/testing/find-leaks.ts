import type { TestDatabase } from './test-database.ts'

/** Every row of every table of ours as text; what is binary as hex. */
export async function dumpTables({ query }: TestDatabase): Promise<string> {
  const tables = await query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'tributary' and table_type = 'BASE TABLE' order by 1`,
  )
  let dump = ''
  for (const { name } of tables) {
    const rows = await query<{ row: string }>(`select t::text as row from tributary.${name} t`)
    dump += rows.map(({ row }) => `${name}: ${row}\n`).join('')
  }
  return dump
}

/** The names of the secrets that a text holds: as they are, or in hex, base64 or the form of an address. */
export function findLeaks(text: string, secrets: Record<string, string | Buffer>): string[] {
  const lower = text.toLowerCase()
  return Object.entries(secrets)
    .filter(([name, secret]) => {
      if (secret.length < 7) throw new Error(`the canary ${name} is so short that chance would find it`)
      const bytes = Buffer.from(secret as string)
      return (
        [bytes.toString('base64'), bytes.toString('base64url')].some((form) => text.includes(form)) ||
        [bytes.toString('hex'), bytes.toString(), encodeURIComponent(bytes.toString())].some((form) =>
          lower.includes(form.toLowerCase()),
        )
      )
    })
    .map(([name]) => name)
}
