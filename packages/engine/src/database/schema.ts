import type { Selectable } from 'kysely'
import type { AccountsSchema } from './schema/accounts.ts'
import type { ImportsSchema } from './schema/imports.ts'
import type { RemapsSchema } from './schema/remaps.ts'
import type { SourcesSchema } from './schema/sources.ts'
import type { ValuesSchema } from './schema/values.ts'

/** The tables of the schema `tributary`; the SQL in `migrations/` says what each is for. */
export interface Schema extends AccountsSchema, SourcesSchema, ImportsSchema, ValuesSchema, RemapsSchema {}

/** A row of `import_jobs`. */
export type ImportJob = Selectable<Schema['import_jobs']>
