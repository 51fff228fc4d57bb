import type { AuditLine, AuditPerson } from '@tributary/engine'

const ofStrangers = new Set(['session.refused', 'attempts.limited'])

/** Who did something, as a person reads it. */
export function whoDid({ actor, action }: Pick<AuditLine, 'actor' | 'action'>): string {
  if (actor) return nameOf(actor)
  return ofStrangers.has(action) ? 'Somebody not signed in' : 'Tributary'
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
