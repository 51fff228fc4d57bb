/** What kept the embedded PostgreSQL from starting or ending, as one sentence that a person can act on. */
export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError'
}

/** The embedded PostgreSQL cannot run because its disk is full; it can again when there is room. */
export class DiskFullError extends EmbeddedPostgresError {}
