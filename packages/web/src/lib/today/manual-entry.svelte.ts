import type { DailyValue, ManualType } from '@tributary/engine'
import { callApi } from '../call-api.ts'
import { parseManual, writeManual } from './manual-value.ts'

type State = 'kept' | 'saving' | 'saved' | 'failed'

/** One value of one day while a person enters it: saved when it changes, one request at a time. */
export class ManualEntry {
  text = $state('')
  state: State = $state('kept')
  problem: string | null = $state(null)
  readonly #metric: string
  readonly #date: string
  readonly #type: ManualType
  #kept: string
  #last: Promise<void> = Promise.resolve()

  constructor(metric: string, date: string, type: ManualType, value: DailyValue) {
    this.#metric = metric
    this.#date = date
    this.#type = type
    this.#kept = this.text = writeManual(type, value)
  }

  /** Takes what is stored now, unless somebody is typing something else. */
  accept(value: DailyValue): void {
    if (this.text !== this.#kept || this.state === 'saving') return
    this.#kept = this.text = writeManual(this.#type, value)
  }

  clear(): Promise<void> {
    this.text = ''
    return this.save()
  }

  /** Saves what is typed, if it differs from what is kept. */
  save(): Promise<void> {
    this.#last = this.#last.then(() => this.#save())
    return this.#last
  }

  async #save(): Promise<void> {
    const parsed = parseManual(this.#type, this.text)
    this.problem = 'fault' in parsed ? parsed.fault : null
    if ('fault' in parsed) {
      this.state = 'failed'
      return
    }
    const text = writeManual(this.#type, parsed.value)
    if (text === this.#kept) {
      this.text = text
      if (this.state === 'failed') this.state = 'kept'
      return
    }
    this.state = 'saving'
    const typed = this.text
    try {
      const { value } = parsed
      await callApi('PUT', '/api/metrics/manual', { metric: this.#metric, date: this.#date, value })
      this.#kept = text
      if (this.text === typed) this.text = text
      this.state = 'saved'
    } catch (error) {
      this.state = 'failed'
      this.problem = (error as Error).message
    }
  }
}
