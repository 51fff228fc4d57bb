import { type BaseIntegrationHandler, ImportError, type ImportRun } from '@tributary/plugin-sdk'
import { pluginError } from './call-plugin.ts'

/**
 * Has a plugin process one import. What its own code throws is its failure (`plugin-failed`), and so is a run that it does not
 * settle; what a step of the run throws is thrown on as it was.
 */
export async function processImport(handler: BaseIntegrationHandler, run: ImportRun): Promise<void> {
  const { name } = handler.plugin
  const ofSteps = new WeakSet<object>()
  let settled = false

  const blame = (error: unknown, what: string): unknown =>
    isObject(error) && ofSteps.has(error) ? error : pluginError(name, what, error)
  async function step<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      if (isObject(error)) ofSteps.add(error)
      throw error
    }
  }

  try {
    await handler.processImport({
      zone: run.zone,
      files: () => run.files(),
      async *windows() {
        const windows = run.windows()[Symbol.asyncIterator]()
        for (;;) {
          const next = await step(() => windows.next())
          if (next.done) return
          yield next.value
        }
      },
      connect: () => step(() => run.connect()),
      credentials: () => step(() => run.credentials()),
      authenticate: (work) => step(() => run.authenticate(work)),
      archive: (window, fetch) => step(() => run.archive(window, fetch)),
      stage: (archived, map) => step(() => run.stage(archived, map)),
      cover: (staged) => step(() => run.cover(staged)),
      fail: (window, error) => step(() => run.fail(window, blame(error, `importing ${window.stream}`))),
      load: (file, map) => step(() => run.load(file, map)),
      settle: () => step(() => run.settle()).then(() => void (settled = true)),
    })
  } catch (error) {
    throw blame(error, 'processing an import')
  }
  if (!settled) throw unsettled(name)
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
