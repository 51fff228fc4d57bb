import { defineConfig } from 'vitest/config'

const setupFiles = ['packages/engine/src/testing/mark-random.ts']
/** Packages whose tests need no database and leave nothing behind, so that files share a process. */
const pure = 'packages/{plugin-sdk,plugins,provider-lab,web}/src/**/*.test.ts'

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'pure', include: [pure], isolate: false, setupFiles },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: ['packages/{cli,engine}/src/**/*.test.ts', 'tests/**/*.test.ts'],
          setupFiles,
          globalSetup: ['packages/engine/src/testing/start-postgres.ts'],
        },
      },
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    disableConsoleIntercept: true,
  },
})
