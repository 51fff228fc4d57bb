/**
 * Written into postgresql.conf when the database is made; its owner may change them there or by ALTER
 * SYSTEM.
 */
const TUNING = {
  max_connections: '100',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  wal_compression: 'on',
  max_wal_size: '2GB',
  random_page_cost: '1.1',
  jit: 'off',
}

/** What Tributary counts on, given at every start and stronger than the file. */
const FIXED: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_destination: 'stderr',
  cluster_name: 'tributary',
  // A statement ends soon after its client has; PostgreSQL can see that on these systems alone.
  ...(['linux', 'darwin'].includes(process.platform) ? { client_connection_check_interval: '10s' } : {}),
}

const FORGETFUL = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** The settings of a new database, as arguments of initdb. */
export function tuningArguments(): string[] {
  return toArguments(TUNING)
}

/** The settings of every start, as arguments of postgres; without `durable` a crash may lose the database. */
export function startArguments(durable: boolean): string[] {
  return toArguments({ ...FIXED, ...(durable ? {} : FORGETFUL) })
}

function toArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
