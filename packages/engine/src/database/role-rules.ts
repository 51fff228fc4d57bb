/** The roles that the app works as; neither owns anything, nor has a right but these. */
export const roles = ['tributary_app', 'tributary_system'] as const
export type Role = (typeof roles)[number]

const everything = 'select insert update delete'

/** What a role may do with a table or view, by name; `update(a,b)`: of these columns alone. A new table gets a line here. */
export const grants: Record<Role, Record<string, string>> = {
  tributary_app: {
    api_tokens: 'select(id,user_id,name,scopes,expires_at,last_used_at,created_at) insert delete',
    audit_log: 'insert',
    coverage: everything,
    daily_metric_values: everything,
    daily_metrics: 'select',
    daily_records: everything,
    events: 'select insert delete',
    fetches: everything,
    first_connections: 'select',
    import_jobs: everything,
    import_rejections: everything,
    integration_sources: 'select',
    manual_entries: everything,
    measurement_rows: 'insert',
    measurements: everything,
    metric_templates: everything,
    oauth_flows: everything,
    plugins: 'select',
    raw_bodies: everything,
    raw_pages: everything,
    remap_days: everything,
    remap_measurements: everything,
    remap_windows: everything,
    remaps: everything,
    series: everything,
    source_fields: everything,
    uploads: everything,
    user_integrations: everything,
    user_keys: 'select insert',
    value_changes: 'select insert delete',
    users: 'select update(name,time_zone,updated_at)',
  },
  tributary_system: {
    api_tokens: 'select(id,user_id,scopes,token_hash,expires_at,last_used_at) update(last_used_at)',
    audit_log: 'select insert',
    backup_codes: everything,
    events: 'insert',
    failed_attempts: everything,
    import_jobs: 'select insert update',
    installation_secrets: 'select insert update(sealed_value)',
    integration_sources: everything,
    oauth_flows: 'select(expires_at) delete',
    pending_sign_ins: everything,
    remaps: 'select(created_at,id,lease_until,mapping_version,source_id,status,user_id) update(lease_until)',
    request_tickets: 'select insert delete',
    retention_runs: 'select update',
    schedule_slots: everything,
    second_steps: everything,
    sessions: everything,
    sign_in_methods: everything,
    sign_up_links: everything,
    source_fields: everything,
    system_config: everything,
    user_integrations:
      'select(id,user_id,source_id,state,enabled,simulated,next_sync_at) update(next_sync_at)',
    uploads: 'select(id,user_id,last_chunk_at)',
    user_keys: 'select update(wrapped_key)',
    users: everything,
    verifications: everything,
  },
}

/** The tables of which tributary_app sees the rows of one user, by the policy `own`. A new table of users gets a line here. */
export const ownTables = [
  'api_tokens',
  'coverage',
  'daily_metric_values',
  'daily_records',
  'events',
  'fetches',
  'import_jobs',
  'import_rejections',
  'manual_entries',
  'measurements',
  'metric_templates',
  'oauth_flows',
  'raw_bodies',
  'raw_pages',
  'remap_days',
  'remap_measurements',
  'remap_windows',
  'remaps',
  'series',
  'source_fields',
  'uploads',
  'user_integrations',
  'user_keys',
  'users',
  'value_changes',
]

/** What the policy `own` asks of a row. */
export function ownRuleOf(table: string): string {
  if (table === 'measurements' || table === 'daily_records')
    return 'series_id in (select id from tributary.series)'
  if (table.startsWith('remap_')) return 'remap_id in (select id from tributary.remaps)'
  return `${table === 'users' ? 'id' : 'user_id'} = (select tributary.current_user_id())`
}

/** A policy by which a role sees or writes other rows than those of one user. */
export interface Exception {
  table: string
  policy: string
  role: Role
  command: 'all' | 'select' | 'insert'
  why: string
}

/** Every exception from "one user's rows alone", and why it has to be. */
export const exceptions: readonly Exception[] = [
  on('users', 'sign_in', 'Who signs in is not known before; admins list and change users.'),
  on('sessions', 'sign_in', 'A cookie is looked up before it is known whose it is.'),
  on('sign_in_methods', 'sign_in', 'A password is compared before anybody is signed in.'),
  on('api_tokens', 'lookup', 'A token is looked up before it is known whose it is.'),
  on('failed_attempts', 'sign_in', 'Who guesses is nobody yet; what is counted are keyed hashes.'),
  on(
    'second_steps',
    'sign_in',
    'A code is checked before anybody is signed in; its secret opens by a data key.',
  ),
  on('backup_codes', 'sign_in', 'A code is checked before anybody is signed in.'),
  on('pending_sign_ins', 'sign_in', 'Who gave the password and not yet the code is not signed in.'),
  on('verifications', 'sign_in', "The sign-in library's own; it holds nothing while mail is not sent."),
  on('sign_up_links', 'sign_in', 'An invitation is used by somebody who has no account yet.'),
  on('system_config', 'configuration', 'Settings belong to the installation.'),
  on('installation_secrets', 'keys', 'What signs cookies belongs to the installation.'),
  on('user_keys', 'rewrap', "A change of keys seals every user's key again; without the ring none opens."),
  on('source_fields', 'registry', 'What plugins declare is written at every start; no field of a user.'),
  {
    ...on('source_fields', 'declared', 'What plugins declare is the same for everybody.'),
    role: 'tributary_app',
    command: 'select',
  },
  on('oauth_flows', 'sweep', 'Authorizations that nobody finished are swept for everybody.'),
  on('uploads', 'sweep', 'Uploads that broke off are swept for everybody; it sees whose, and no file.'),
  on('import_jobs', 'claim', "A worker claims whatever job is next, whoever's it is."),
  on('remaps', 'claim', "A worker goes on with whatever remap is next, whoever's it is."),
  {
    ...on(
      'events',
      'publish',
      'A worker claims jobs of all users; what it does to them is an event of theirs.',
    ),
    command: 'insert',
  },
  on('request_tickets', 'budgets', 'The limits of a source hold over all of its users.'),
  on('retention_runs', 'retention', 'When raw answers were last removed belongs to the installation.'),
  on('schedule_slots', 'schedule', 'The schedule belongs to the installation.'),
  on('user_integrations', 'schedule', 'The schedule serves all connections; it sees whose, no secret.'),
  { ...on('audit_log', 'read', 'Admins read what everybody did.'), command: 'select' },
  { ...on('audit_log', 'write', 'Signing in and what admins do is told.'), command: 'insert' },
  {
    ...on('audit_log', 'own', 'What a user does is told in that very transaction, and never read by them.'),
    role: 'tributary_app',
    command: 'insert',
  },
]

/**
 * Functions with their owner's rights, both of triggers: a series is gone before its values are, which then belong to nobody's
 * series; and no role of ours may change an entry of the audit log, but a user's end takes their addresses from it.
 */
export const ownerFunctions = ['delete_values', 'forget_addresses']

/** Tables without row-level security: they hold nothing of a person. */
export const openTables = ['integration_sources', 'migrations']

/**
 * Tables without row-level security that take new rows of a user by COPY, which it does not let through: nobody reads or
 * changes anything there, and a trigger asks of all that comes what the policy of the table above asks of each row.
 */
export const guardedTables: Readonly<Record<string, string>> = { measurement_rows: 'keep_to_own_series' }

function on(table: string, policy: string, why: string): Exception {
  return { table, policy, role: 'tributary_system', command: 'all', why }
}
