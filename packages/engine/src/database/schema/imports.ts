import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { JobCounts } from '../../domain/job-counts.ts'
import type { JobProblemCode } from '../../domain/job-problems.ts'
import type { CoverageState, JobSelection, JobStatus, JobTrigger } from '../../domain/states.ts'
import type { DefaultTimestamp, NullableTimestamp, Timestamp } from './columns.ts'

/** Jobs, uploads, stored responses, and what is known of the days of each stream. */
export interface ImportsSchema {
  import_jobs: {
    id: Generated<string>
    user_id: string
    connection_id: string
    source_id: string
    trigger: JobTrigger
    selection: Generated<JobSelection>
    streams: string[] | null
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
  schedule_slots: { slot_at: Timestamp; ran_at: Timestamp; jobs: number }
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
  coverage: {
    user_id: string
    source_id: string
    account_id: string
    stream: string
    data_type: Generated<string>
    state: CoverageState
    days: string
  }
}
