import {
  type BaseIntegrationHandler,
  type Delivery,
  ImportError,
  type ImportRun,
  type StagedRecords,
  type WindowImport,
} from '@tributary/plugin-sdk'
import { pluginError } from './call-plugin.ts'

/**
 * Lets a plugin process one import. What its own code throws is its failure (`plugin-failed`), and so is a run that it does not
 * settle; what a step of the run throws is thrown on as it was.
 */
export async function processImport(handler: BaseIntegrationHandler, run: ImportRun): Promise<void> {
  const { name } = handler.plugin
  const errors = new StepErrors(name)
  let settled = false
  const settle = () => errors.step(() => run.settle()).then(() => void (settled = true))
  try {
    await handler.processImport(watchRun(run, errors, settle))
  } catch (error) {
    throw errors.blame(error, 'processing an import')
  }
  if (!settled) throw unsettled(name)
}

/** Tells errors of the run's steps from errors of the plugin's code between them. */
class StepErrors {
  readonly #source: string
  readonly #ofSteps = new WeakSet<object>()

  constructor(source: string) {
    this.#source = source
  }

  async step<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      if (isObject(error)) this.#ofSteps.add(error)
      throw error
    }
  }

  async *steps<Item, Watched>(
    items: AsyncIterable<Item>,
    watch: (item: Item) => Watched,
  ): AsyncIterable<Watched> {
    const iterator = items[Symbol.asyncIterator]()
    for (;;) {
      const next = await this.step(() => iterator.next())
      if (next.done) return
      yield watch(next.value)
    }
  }

  /** An error of a step as it was; another one as the plugin's. */
  blame(error: unknown, what: string): unknown {
    return isObject(error) && this.#ofSteps.has(error) ? error : pluginError(this.#source, what, error)
  }
}

function watchRun(run: ImportRun, errors: StepErrors, settle: () => Promise<void>): ImportRun {
  const { zone } = run
  if (run.kind === 'file')
    return {
      kind: run.kind,
      zone,
      mapping: run.mapping,
      load: (map) => errors.step(() => run.load(map)),
      settle,
    }
  if (run.kind === 'push')
    return {
      kind: run.kind,
      zone,
      deliveries: () => errors.steps(run.deliveries(), (delivery) => watchDelivery(delivery, errors)),
      settle,
    }
  return {
    kind: run.kind,
    zone,
    windows: () => errors.steps(run.windows(), (window) => watchWindow(window, errors)),
    connect: () => errors.step(() => run.connect()),
    credentials: () => errors.step(() => run.credentials()),
    authenticate: (work) => errors.step(() => run.authenticate(work)),
    settle,
  }
}

function watchWindow(window: WindowImport, errors: StepErrors): WindowImport {
  return {
    ...window,
    archive: (fetch) =>
      errors.step(async () => {
        const archived = await window.archive(fetch)
        return {
          ...archived,
          stage: (map) => errors.step(async () => watchStaged(await archived.stage(map), errors)),
        }
      }),
    fail: (error) => errors.step(() => window.fail(errors.blame(error, `importing ${window.stream}`))),
  }
}

function watchDelivery(delivery: Delivery, errors: StepErrors): Delivery {
  return {
    stage: (map) => errors.step(async () => watchStaged(await delivery.stage(map), errors)),
    fail: (error) => errors.step(() => delivery.fail(errors.blame(error, 'importing a delivery'))),
  }
}

function watchStaged(staged: StagedRecords, errors: StepErrors): StagedRecords {
  return { commit: () => errors.step(() => staged.commit()) }
}

function isObject(error: unknown): error is object {
  return typeof error === 'object' && error !== null
}

function unsettled(name: string): ImportError {
  return new ImportError(
    'plugin-failed',
    `The ${name} plugin ended an import without settling it. Update the plugin, or report this to its maker.`,
  )
}
