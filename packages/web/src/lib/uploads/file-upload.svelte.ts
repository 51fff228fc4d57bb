import { isFinished } from '../job-status.ts'
import { Live, sentenceOf } from '../live.svelte.ts'
import { type CsvGuess, isCsvGuess } from './csv-mapping.ts'
import { type Given, MappingDraft } from './mapping-draft.svelte.ts'
import { guessFile, sendFile } from './send-file.ts'

/** What happens to the file until its import is requested. */
type Preparation = 'choosing' | 'guessing' | 'deciding' | 'sending'

/** As much of a file as its reading is guessed by. */
const beginningBytes = 256 * 1024

/** One file on its way: chosen, looked at, sent, imported. */
export class FileUpload {
  #preparation: Preparation = $state('choosing')
  file: File | null = $state.raw(null)
  /** `null` where the source's files leave nothing to decide. */
  draft: MappingDraft | null = $state.raw(null)
  /** How much is sent, from 0 to 1. */
  sent = $state(0)
  /** Its import. */
  readonly live = new Live<null>(null, { read: () => Promise.resolve(null) })
  problem: string | null = $state(null)
  readonly #pluginId: string

  constructor(pluginId: string) {
    this.#pluginId = pluginId
  }

  get stage(): Preparation | 'importing' | 'done' {
    const { requested } = this.live
    if (!requested) return this.#preparation
    return isFinished(requested.status) ? 'done' : 'importing'
  }

  /** Looks at the beginning of a file, and how it would be read. */
  async choose(file: File): Promise<void> {
    this.reset()
    this.file = file
    this.#preparation = 'guessing'
    try {
      const beginning = new Uint8Array(await file.slice(0, beginningBytes).arrayBuffer())
      const guess = await guessFile(this.#pluginId, beginning)
      const again = (given: Given) => guessFile(this.#pluginId, beginning, given) as Promise<CsvGuess>
      this.draft = isCsvGuess(guess) ? new MappingDraft(guess, again) : null
      this.#preparation = 'deciding'
    } catch (error) {
      this.problem = sentenceOf(error)
      this.#preparation = 'choosing'
    }
  }

  /** Sends the file as it was decided. */
  async send(): Promise<void> {
    const { file, draft } = this
    if (!file) return
    this.problem = draft?.fault() ?? null
    if (this.problem !== null) return
    this.sent = 0
    this.#preparation = 'sending'
    try {
      const mapping = draft?.toMapping()
      this.live.requested = await sendFile(this.#pluginId, file, mapping, (share) => (this.sent = share))
    } catch (error) {
      this.problem = sentenceOf(error)
      this.#preparation = 'deciding'
    }
  }

  reset(): void {
    this.#preparation = 'choosing'
    this.file = null
    this.draft = null
    this.live.requested = null
    this.problem = null
  }
}
