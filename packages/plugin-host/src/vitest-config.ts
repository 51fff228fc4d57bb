import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Runs the tests of a plugin that lies outside of this repository: `npm run test:plugin -- FOLDER`. */
export default defineConfig({
  resolve: {
    alias: [
      {
        find: /^@tributary\/plugin-sdk\/testing$/,
        replacement: fileOf('../../plugin-sdk/src/testing/index.ts'),
      },
      { find: /^@tributary\/plugin-sdk$/, replacement: fileOf('../../plugin-sdk/src/index.ts') },
      { find: /^@tributary\/plugin-host$/, replacement: fileOf('./index.ts') },
    ],
  },
  test: {
    include: ['**/*.test.ts'],
    globalSetup: [fileOf('./start-postgres.ts')],
    pool: 'forks',
    // It names the rules that are skipped, with the reason.
    reporters: ['verbose'],
  },
})
