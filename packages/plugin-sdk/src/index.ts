export { type Auth, oauth2, type OAuth2 } from './auth/auth.ts'
export {
  type OAuth2Client,
  OAuth2Helper,
  type OAuth2HelperOptions,
  type TokenSet,
} from './auth/oauth2-helper.ts'
export { definePlugin, defineStream } from './define-plugin.ts'
export { ImportError, type ImportErrorCode, importErrorCode } from './errors.ts'
export type { DayRule, Field, FieldKind, FieldType } from './fields.ts'
export { BaseIntegrationHandler } from './handler.ts'
export type { Answer, HttpClient, Query, RequestOptions } from './http.ts'
export type {
  AdminConfigField,
  Api,
  FetchRequest,
  MapContext,
  PluginDeclaration,
  RateLimitHeaders,
  Retirement,
  SetupInfoItem,
  Stream,
} from './plugin.ts'
export {
  type DailyRecord,
  type FieldValue,
  isDailyRecord,
  type MappedRecord,
  type Measurement,
} from './records.ts'
export type { ArchivedFetch, ImportRun, StagedRecords, Window } from './run.ts'
export type { StandardResult, StandardSchema } from './standard-schema.ts'
