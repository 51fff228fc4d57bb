/** A stored value: a number (in its unit, seconds, or minutes from midnight) or a text; `null`: there is none. */
export type DailyValue = number | string | null
