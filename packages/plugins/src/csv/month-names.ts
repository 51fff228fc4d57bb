const languages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt']
/** Abbreviations in use that Intl does not write. */
const more = { mrz: 3, sep: 9, sept: 9, jan: 1, feb: 2, jun: 6, jul: 7, janner: 1, feber: 2 }

const months = new Map<string, number>(Object.entries(more))
const weekdays = new Set<string>()
for (const language of languages) {
  for (const style of ['long', 'short'] as const) {
    const monthOf = new Intl.DateTimeFormat(language, { month: style, day: 'numeric', timeZone: 'UTC' })
    for (let month = 1; month <= 12; month += 1) {
      const parts = monthOf.formatToParts(Date.UTC(2026, month - 1, 1))
      months.set(plain(parts.find(({ type }) => type === 'month')?.value ?? ''), month)
    }
    const weekdayOf = new Intl.DateTimeFormat(language, { weekday: style, timeZone: 'UTC' })
    for (let day = 1; day <= 7; day += 1) weekdays.add(plain(weekdayOf.format(Date.UTC(2026, 5, day))))
  }
}

/** The number of a month, from 1, by its name or abbreviation in one of seven languages; `undefined` where it is none. */
export function monthOf(name: string): number | undefined {
  return months.get(plain(name))
}

/** A short text without the name of a weekday at its start. */
export function withoutWeekday(text: string): string {
  const match = /^([\p{L}\p{M}-]{2,13})\.?,?\s+/u.exec(text)
  return match && weekdays.has(plain(match[1] ?? '')) ? text.slice(match[0].length) : text
}

/** A name without its accents, its case and the point of an abbreviation. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\p{M}.]/gu, '')
    .toLowerCase()
}
