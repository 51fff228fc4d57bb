import type { Job, ValuesChanged } from '@tributary/engine'
import { ApiError, callApi } from './call-api.ts'
import type { JobFollower } from './follow-jobs.ts'
import { isFinished } from './job-status.ts'

export interface LiveOptions<Value> {
  /** Reads the value as it is now; `undefined` where the page loads it and passes it to `accept`. */
  read: () => Promise<Value | undefined>
  /** Takes a job that has changed into the value; returns whether more than the job may have changed. */
  takeJob?: (job: Job) => boolean
  /** Whether changes of daily values are any of this value's; never unless given. */
  showsValues?: (changes: ValuesChanged) => boolean
  /** Whether anything can have changed while no changes arrived; `true` unless given. */
  mayHaveChanged?: () => boolean
}

/** Something on a page that is kept as it is now: a value, the import that was requested here, and what a person does to them. */
export class Live<Value, Action extends string = string> implements JobFollower {
  value: Value = $state.raw() as Value
  /** The import that was requested on this page, as it is now. */
  requested: Job | null = $state.raw(null)
  /** The action under way. */
  busy: Action | null = $state(null)
  /** What kept the last action from working. */
  problem: string | null = $state(null)
  /** What is left for the person to do after the last action. */
  notice: string | null = $state(null)
  readonly #options: LiveOptions<Value>
  #reading = false
  #readAgain = false
  /** How many actions have ended. What was read before the last one ended is out of date. */
  #ended = 0

  constructor(value: Value, options: LiveOptions<Value>) {
    this.value = value
    this.#options = options
  }

  /** Does what a person asks for, and takes the value that it returns; a failure becomes `problem`. Returns whether it worked. */
  async act(action: Action, work: () => Promise<Value | undefined>): Promise<boolean> {
    this.busy = action
    this.problem = null
    this.notice = null
    try {
      const value = await work()
      if (value !== undefined) this.value = value
    } catch (error) {
      reloadSignedOut(error)
      this.problem = sentenceOf(error)
    } finally {
      this.#ended += 1
      this.busy = null
    }
    return this.problem === null
  }

  /** Reads everything again: once at a time, and once more for what happened meanwhile. A read that fails is silent. */
  async refresh(): Promise<void> {
    this.#readAgain = true
    if (this.#reading) return
    this.#reading = true
    while (this.#readAgain) {
      this.#readAgain = false
      await this.#read().catch(reloadSignedOut)
    }
    this.#reading = false
  }

  async #read(): Promise<void> {
    const { requested } = this
    const ended = this.#ended
    const [value, answer] = await Promise.all([
      this.#options.read(),
      requested && !isFinished(requested.status)
        ? callApi<{ job: Job }>('GET', `/api/import-jobs/${requested.id}`)
        : null,
    ])
    if (ended !== this.#ended) this.#readAgain = true
    else if (value !== undefined) this.value = value
    if (answer) this.requested = answer.job
  }

  changed(job: Job): void {
    if (this.requested?.id === job.id) this.requested = job
    if (this.#options.takeJob?.(job) ?? false) void this.refresh()
  }

  valuesChanged(changes: ValuesChanged): void {
    if (this.#options.showsValues?.(changes) ?? false) void this.refresh()
  }

  missed(): void {
    if (this.#options.mayHaveChanged?.() ?? true) void this.refresh()
  }
}

/** What a person reads of an error. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : 'That did not work. Try again in a moment.'
}

/** Signed out, the page says so once it is loaded again. */
function reloadSignedOut(error: unknown): void {
  if (error instanceof ApiError && error.status === 401) location.reload()
}
