import type { AuditLine, AuditPerson } from '@tributary/engine'

/** Who did something, as a person reads it. */
export function whoDid({ actor, address }: Pick<AuditLine, 'actor' | 'address'>): string {
  if (actor) return nameOf(actor)
  return address === null ? 'Tributary' : 'Somebody not signed in'
}

/** What there is to say beside the action: the source, whom it concerns, and the details. */
export function whatAbout({ actor, subject, source, details }: AuditLine): string {
  const parts: string[] = []
  if (source !== null) parts.push(source)
  if (subject && subject.id !== actor?.id) parts.push(nameOf(subject))
  for (const [name, value] of Object.entries(details)) parts.push(`${name}: ${value}`)
  return parts.join(' · ')
}

function nameOf({ name }: AuditPerson): string {
  return name ?? 'A deleted user'
}
