import { importErrorCode } from '@tributary/plugin-sdk'

/** An error of the core that passes through a plugin's code, so that it is not taken for one of the plugin's. */
export class CoreError extends Error {
  constructor(cause: unknown) {
    super('the core failed', { cause })
  }
}

/** Marks what a piece of the core throws that a plugin's code calls; errors with a code are left as they are. */
export async function asCore<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw importErrorCode(error) ? error : new CoreError(error)
  }
}
