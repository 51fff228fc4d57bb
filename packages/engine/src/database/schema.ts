import type { ColumnType, Generated, JSONColumnType, Selectable } from 'kysely'
import type { Remap, RemapPreview } from '../contract/remaps.ts'
import type { Metric, TokenScope } from '../contract/engine.ts'
import type { JobCounts } from '../domain/job-counts.ts'
import type { JobProblemCode } from '../domain/job-problems.ts'
import type { ConnectionState, CoverageState, JobSelection, JobStatus, JobTrigger } from '../domain/states.ts'

/** Read as an instant, written as ISO 8601. */
type Timestamp = ColumnType<Temporal.Instant, string, string>
type NullableTimestamp = ColumnType<Temporal.Instant | null, string | null | undefined, string | null>
type DefaultTimestamp = ColumnType<Temporal.Instant, string | undefined, string>

/** The tables of the schema `tributary`; the SQL in `migrations/` says what each is for. */
export interface Schema {
  users: {
    id: Generated<string>
    name: string
    email: string
    email_verified: Generated<boolean>
    image: string | null
    role: Generated<'user' | 'admin'>
    time_zone: Generated<string>
    disabled_at: NullableTimestamp
    created_at: DefaultTimestamp
    updated_at: DefaultTimestamp
  }
  sessions: {
    id: Generated<string>
    user_id: string
    token: string
    expires_at: Timestamp
    ip_address: string | null
    user_agent: string | null
    created_at: DefaultTimestamp
    updated_at: DefaultTimestamp
  }
  failed_attempts: {
    subject: Buffer
    failures: number
    last_at: Timestamp
    free_at: Timestamp
    logged: Generated<boolean>
  }
  second_steps: {
    user_id: string
    secret: Buffer
    confirmed_at: NullableTimestamp
    last_span: Generated<number>
  }
  backup_codes: { user_id: string; code_hash: Buffer }
  pending_sign_ins: { token_hash: Buffer; user_id: string; expires_at: Timestamp }
  sign_in_methods: {
    id: Generated<string>
    user_id: string
    account_id: string
    provider_id: string
    password: string | null
    created_at: DefaultTimestamp
    updated_at: DefaultTimestamp
  }
  sign_up_links: {
    token_hash: Buffer
    role: 'user' | 'admin'
    email: string | null
    expires_at: Timestamp
    created_at: DefaultTimestamp
  }
  api_tokens: {
    id: Generated<string>
    user_id: string
    name: string
    scopes: TokenScope[]
    token_hash: Buffer
    expires_at: NullableTimestamp
    last_used_at: NullableTimestamp
    created_at: DefaultTimestamp
  }
  integration_sources: {
    id: string
    name: string
    description: string
    icon: string
    retired_since: string | null
    successor: string | null
    updated_at: DefaultTimestamp
  }
  source_fields: {
    source_id: string
    field: string
    stream: string | null
    type: string
    unit: string | null
    kind: string | null
    day_rule: string | null
    belongs_to: Generated<string>
    user_id: string | null
    name: string | null
  }
  audit_log: {
    id: Generated<string>
    at: DefaultTimestamp
    action: string
    actor_id: string | null
    subject_id: string | null
    source_id: string | null
    request_id: string | null
    ip_address: string | null
    details: JSONColumnType<Record<string, string | number | boolean>, string, never>
  }
  system_config: {
    key: string
    value: string | null
    sealed_value: Buffer | null
    key_id: Generated<string | null>
    updated_at: DefaultTimestamp
    updated_by: string | null
  }
  user_keys: { user_id: string; wrapped_key: Buffer; key_id: Generated<string>; created_at: DefaultTimestamp }
  installation_secrets: {
    purpose: string
    sealed_value: Buffer
    key_id: Generated<string>
    created_at: DefaultTimestamp
  }
  user_integrations: {
    id: Generated<string>
    user_id: string
    source_id: string
    account_id: string | null
    account_aliases: Generated<string[]>
    state: ConnectionState
    reason: string | null
    enabled: Generated<boolean>
    simulated: Generated<boolean>
    credentials: Buffer | null
    scopes: string[] | null
    disabled_streams: Generated<string[]>
    access_expires_at: NullableTimestamp
    refresh_expires_at: NullableTimestamp
    preference: number | null
    history_from: string
    history_paused: Generated<boolean>
    keep_every: JSONColumnType<Record<string, number>, string | undefined, string>
    connected_at: NullableTimestamp
    last_sync_at: NullableTimestamp
    next_sync_at: NullableTimestamp
    created_at: DefaultTimestamp
    updated_at: DefaultTimestamp
  }
  oauth_flows: {
    state_hash: Buffer
    user_id: string
    session_id: string
    source_id: string
    code_verifier: Buffer | null
    redirect_uri: string
    simulated: boolean
    expires_at: Timestamp
    used_at: NullableTimestamp
    outcome: string | null
  }
  import_jobs: {
    id: Generated<string>
    user_id: string
    connection_id: string
    source_id: string
    trigger: JobTrigger
    selection: Generated<JobSelection>
    from_day: string
    to_day: string
    status: Generated<JobStatus>
    reason: string | null
    priority: number
    attempt: Generated<number>
    failures: Generated<number>
    waits: Generated<number>
    worker_crashes: Generated<number>
    problem: JobProblemCode | null
    permanent_error: string | null
    permanent_problem: JobProblemCode | null
    run_after: Timestamp
    lease_until: NullableTimestamp
    upload_id: string | null
    counts: JSONColumnType<Record<string, JobCounts>, string | undefined, string>
    created_at: DefaultTimestamp
    started_at: NullableTimestamp
    finished_at: NullableTimestamp
  }
  uploads: {
    id: Generated<string>
    user_id: string
    source_id: string
    layer: number
    file_name: string
    bytes: ColumnType<string, number | undefined, number>
    mapping: JSONColumnType<object, string | undefined, string> | null
    file_kind: string | null
    from_day: string | null
    to_day: string | null
    created_at: DefaultTimestamp
    last_chunk_at: NullableTimestamp
    undone_at: NullableTimestamp
    replaced_by: string | null
  }
  fetches: {
    id: Generated<string>
    user_id: string
    source_id: string
    account_id: string
    stream: string
    data_type: Generated<string>
    from_day: string
    to_day: string
    job_id: string | null
    upload_id: string | null
    zone: string | null
    completed_at: NullableTimestamp
    covered_at: NullableTimestamp
    mapping_version: number | null
    pages_removed_at: NullableTimestamp
    started_at: DefaultTimestamp
  }
  raw_bodies: { user_id: string; hash: Buffer; body: Buffer; body_bytes: number }
  raw_pages: { fetch_id: string; page: number; user_id: string; hash: Buffer; received_at: DefaultTimestamp }
  import_rejections: {
    id: Generated<string>
    user_id: string
    fetch_id: string
    code: 'unreadable' | 'implausible'
    path: string | null
    page: number | null
    reason: string
    record: JSONColumnType<object, string, string> | null
  }
  remaps: {
    id: Generated<string>
    user_id: string
    connection_id: string
    source_id: string
    account_id: string
    status: Remap['status']
    because: Remap['because']
    mapping_version: number
    preview: JSONColumnType<RemapPreview, string | undefined, string> | null
    lease_until: NullableTimestamp
    created_at: DefaultTimestamp
    finished_at: NullableTimestamp
  }
  remap_windows: {
    remap_id: string
    number: number
    stream: string
    data_type: string
    from_day: string
    to_day: string
    fetch_id: string
    zone: string
    hours_only: boolean
    state: Generated<'planned' | 'compared' | 'unreadable'>
    filled: Generated<string[]>
    unsettled: Generated<string[]>
    too_many_rejected: Generated<boolean>
  }
  remap_days: {
    remap_id: string
    number: number
    series_id: number
    day: string
    value: number | null
    text_value: string | null
    action: string
  }
  remap_measurements: {
    remap_id: string
    number: number
    series_id: number
    start_at: Timestamp
    end_at: NullableTimestamp
    value: number | null
    action: string
  }
  coverage: {
    user_id: string
    source_id: string
    account_id: string
    stream: string
    data_type: Generated<string>
    state: CoverageState
    days: string
  }
  series: {
    id: Generated<number>
    user_id: string
    source_id: string
    account_id: string
    field: string
    dimension: Generated<string>
    origin: Generated<string>
    layer: Generated<number>
  }
  measurements: { series_id: number; start_at: Timestamp; end_at: Timestamp; value: number }
  daily_records: { series_id: number; day: string; value: number | null; text_value: string | null }
  schedule_slots: { slot_at: Timestamp; ran_at: Timestamp; jobs: number }
  manual_entries: {
    user_id: string
    metric_name: string
    day: string
    value: number | null
    text_value: string | null
    entered_at: DefaultTimestamp
  }
  metric_templates: {
    id: Generated<string>
    user_id: string
    name: string
    position: number
    chosen: Generated<boolean>
    metrics: JSONColumnType<Metric[], string, string>
    created_at: DefaultTimestamp
    updated_at: DefaultTimestamp
  }
  daily_metric_values: {
    user_id: string
    day: string
    metric_name: string
    source: string
    value: number | null
    text_value: string | null
    basis: string
    changed_at: DefaultTimestamp
    job_id: string | null
    previous_value: number | null
    previous_text_value: string | null
  }
}

/** A row of `import_jobs`. */
export type ImportJob = Selectable<Schema['import_jobs']>
