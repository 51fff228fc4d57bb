import type { Generated, JSONColumnType } from 'kysely'
import type { TokenScope } from '../../contract/engine.ts'
import type { DefaultTimestamp, NullableTimestamp, Timestamp } from './columns.ts'

/** Accounts, sign-in, keys and the audit log. */
export interface AccountsSchema {
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
  user_keys: { user_id: string; wrapped_key: Buffer; key_id: Generated<string>; created_at: DefaultTimestamp }
  installation_secrets: {
    purpose: string
    sealed_value: Buffer
    key_id: Generated<string>
    created_at: DefaultTimestamp
  }
}
