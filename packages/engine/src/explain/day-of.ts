/** A field's day that is explained, and whose. */
export interface DayOf {
  userId: string
  sourceId: string
  accountId: string
  field: string
  day: string
  zone: string
}
