import { isFinished } from '../job-status.ts'
import { Live, sentenceOf } from '../live.svelte.ts'
import { type CsvGuess, isCsvGuess } from './csv-mapping.ts'
import { type Given, MappingDraft } from './mapping-draft.svelte.ts'
import { guessFile, sendFile } from './send-file.ts'

type Stage = 'choosing' | 'guessing' | 'deciding' | 'sending' | 'importing' | 'done'

/** As much of a file as its reading is guessed by. */
const beginningBytes = 256 * 1024

/** One file on its way: chosen, looked at, sent, imported. */
export class FileUpload {
  stage: Stage = $state('choosing')
  file: File | null = $state.raw(null)
  /** `null` where the source's files leave nothing to decide. */
  draft: MappingDraft | null = $state.raw(null)
  /** How much is sent, from 0 to 1. */
  sent = $state(0)
  /** Its import. */
  readonly live = new Live<null>(null, {
    read: () => Promise.resolve(null),
    takeJob: (job) => {
      if (job.id === this.live.requested?.id && isFinished(job.status)) this.stage = 'done'
      return false
    },
  })
  problem: string | null = $state(null)
  readonly #pluginId: string

  constructor(pluginId: string) {
    this.#pluginId = pluginId
  }

  /** Looks at the beginning of a file, and how it would be read. */
  async choose(file: File): Promise<void> {
    this.reset()
    this.file = file
    this.stage = 'guessing'
    try {
      const beginning = new Uint8Array(await file.slice(0, beginningBytes).arrayBuffer())
      const guess = await guessFile(this.#pluginId, beginning)
      const again = (given: Given) => guessFile(this.#pluginId, beginning, given) as Promise<CsvGuess>
      this.draft = isCsvGuess(guess) ? new MappingDraft(guess, again) : null
      this.stage = 'deciding'
    } catch (error) {
      this.problem = sentenceOf(error)
      this.stage = 'choosing'
    }
  }

  /** Sends the file as it was decided. */
  async send(): Promise<void> {
    const { file, draft } = this
    if (!file) return
    this.problem = draft?.fault() ?? null
    if (this.problem !== null) return
    this.sent = 0
    this.stage = 'sending'
    try {
      const job = await sendFile(this.#pluginId, file, draft?.toMapping(), (share) => (this.sent = share))
      this.live.requested = job
      this.stage = isFinished(job.status) ? 'done' : 'importing'
    } catch (error) {
      this.problem = sentenceOf(error)
      this.stage = 'deciding'
    }
  }

  reset(): void {
    this.stage = 'choosing'
    this.file = null
    this.draft = null
    this.live.requested = null
    this.problem = null
  }
}
