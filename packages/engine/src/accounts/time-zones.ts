import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'

/**
 * Zones that ICU, and with it Node, calls by a name that the IANA database has replaced, by ICU's name: a PostgreSQL on the
 * system's zones may know only the newer ones. Source: Unicode CLDR, common/bcp47/timezone.xml, attribute `iana`.
 */
const renamed: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

/** The name of a zone in the IANA database by any of its names; `undefined` where there is no such zone. */
export function canonicalZone(name: string): string | undefined {
  if (/^[+-]/.test(name)) return undefined
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    return renamed[timeZone] ?? timeZone
  } catch {
    return undefined
  }
}

/** The name by which this database knows a zone, its canonical one if possible; `undefined` where it knows none. */
export async function findZone(db: Transaction, name: string): Promise<string | undefined> {
  return chooseName(name, await zonesOfDatabase(db))
}

/** Of the names that a database knows the one for a zone. */
export function chooseName(name: string, known: ReadonlySet<string>): string | undefined {
  const canonical = canonicalZone(name)
  if (canonical === undefined || known.has(canonical)) return canonical
  return [...known].find((other) => isSameZone(canonical, other))
}

/** The zones to choose from. */
export async function listZones(db: Transaction): Promise<string[]> {
  const names = await zonesOfDatabase(db)
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')].map(canonicalZone)
  return [...new Set(zones)].filter((zone) => zone !== undefined && names.has(zone)).sort() as string[]
}

async function zonesOfDatabase(db: Transaction): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`select name from pg_timezone_names`.execute(db)
  return new Set(rows.map(({ name }) => name))
}

function isSameZone(one: string, other: string): boolean {
  try {
    return new Temporal.ZonedDateTime(0n, one).equals(new Temporal.ZonedDateTime(0n, other))
  } catch {
    return false
  }
}
