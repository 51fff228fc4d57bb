import { registerHooks } from 'node:module'

/** Gives plugins from outside the SDK that is running, wherever they lie. */
export function shareSdk(): void {
  const running = import.meta.resolve('@tributary/plugin-sdk')
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === '@tributary/plugin-sdk') return { url: running, shortCircuit: true }
      return next(specifier, context)
    },
  })
}
