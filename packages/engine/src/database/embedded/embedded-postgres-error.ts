/** What kept the embedded PostgreSQL from starting or ending, as one sentence that a person can act on. */
export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError'
}
