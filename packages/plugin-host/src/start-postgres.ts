/** The PostgreSQL that the contract suite's installations use: name this file in vitest's `globalSetup`. */
export { default } from '@tributary/engine/testing/start-postgres'
