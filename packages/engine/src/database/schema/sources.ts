import type { ProblemCode } from '@tributary/api'
import type { Generated, JSONColumnType } from 'kysely'
import type { ConnectionState } from '../../domain/states.ts'
import type { DefaultTimestamp, NullableTimestamp, Timestamp } from './columns.ts'

/** Sources, their settings, and the connections of users. */
export interface SourcesSchema {
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
  system_config: {
    key: string
    value: string | null
    sealed_value: Buffer | null
    key_id: Generated<string | null>
    updated_at: DefaultTimestamp
    updated_by: string | null
  }
  user_integrations: {
    id: Generated<string>
    user_id: string
    source_id: string
    name: string | null
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
    connection: string | null
    code_verifier: Buffer | null
    redirect_uri: string
    simulated: boolean
    expires_at: Timestamp
    used_at: NullableTimestamp
    outcome: 'connected' | ProblemCode | null
  }
}
