/** The days that are chosen in a calendar: one, or a range of which one end stays where it was begun. */
export class DayChoice {
  from: string = $state('')
  to: string = $state('')
  #anchor: string | null = null

  has(day: string): boolean {
    return this.from !== '' && this.from <= day && day <= this.to
  }

  /** Begins with a day, or ends what was begun. */
  choose(day: string): void {
    // The range may have been typed meanwhile.
    if (this.#anchor === null || (this.#anchor !== this.from && this.#anchor !== this.to)) this.begin(day)
    else {
      this.extend(day)
      this.#anchor = null
    }
  }

  begin(day: string): void {
    this.#anchor = this.from = this.to = day
  }

  /** Reaches from where it was begun to a day. */
  extend(day: string): void {
    const anchor = (this.#anchor ??= this.from === '' ? day : this.from)
    this.from = anchor < day ? anchor : day
    this.to = anchor < day ? day : anchor
  }

  clear(): void {
    this.from = this.to = ''
    this.#anchor = null
  }
}
