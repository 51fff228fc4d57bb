import { configDefaults, defineConfig } from 'vitest/config'
import { limitMs } from './tests/harness/limit.ts'

const setupFiles = ['packages/engine/src/testing/mark-random.ts']
/** Packages whose tests need no database. */
const pure = 'packages/{api,plugin-sdk,plugins,provider-lab,web}/src/**/*.test.ts'
/** The contract suite of a built-in source, which needs one. */
const contracts = 'packages/plugins/src/**/*contract*.test.ts'

export default defineConfig({
  test: {
    maxWorkers: 2,
    // Files share a process, because loading the modules again for each would take an eighth of the time. What a test leaves behind in a
    // module reaches others: one that depends on a fresh module resets it.
    isolate: false,
    projects: [
      {
        extends: true,
        test: { name: 'pure', include: [pure], exclude: [...configDefaults.exclude, contracts], setupFiles },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: ['packages/{cli,engine,plugin-host}/src/**/*.test.ts', 'tests/**/*.test.ts', contracts],
          setupFiles,
          globalSetup: ['packages/engine/src/testing/start-postgres.ts'],
        },
      },
    ],
    testTimeout: 2 * limitMs,
    hookTimeout: 2 * limitMs,
    expect: { poll: { timeout: limitMs } },
    pool: 'forks',
    disableConsoleIntercept: true,
  },
})
