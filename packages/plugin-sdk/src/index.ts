export { readAccountId } from './account-id.ts'
export { ApiKeyAuthHelper } from './auth/api-key-helper.ts'
export { type ApiKey, apiKey, type Auth, oauth2, type OAuth2, type Upload } from './auth/auth.ts'
export { OAuth2Helper, type OAuth2HelperOptions } from './auth/oauth2-helper.ts'
export type { OAuth2Client, TokenSet } from './auth/token-set.ts'
export { definePlugin, defineStream } from './define-plugin.ts'
export { ImportError, type ImportErrorCode, importErrorCode } from './errors.ts'
export type { DayRule, Field, FieldKind, FieldType, Range, SpanRule } from './fields.ts'
export { kindFault, kinds } from './fields.ts'
export { implausibility, isPlausible } from './plausible.ts'
export { BaseIntegrationHandler, callbackUrl, clientFields } from './handler.ts'
export type { Answer, FetchRefusal, HttpClient, Query, RequestOptions } from './http.ts'
export type { DataType, FetchRequest, MapContext, MappedRecords, Stream } from './stream.ts'
export type {
  FileChoice,
  FileFormat,
  FileGuess,
  FilePreview,
  FileQuestion,
  GuessContext,
  FileRow,
  RejectedRow,
} from './files.ts'
export type {
  Account,
  AdminConfigField,
  Api,
  PluginDeclaration,
  PushFormat,
  RateLimitHeaders,
  Refusal,
  RequestLimit,
  Retirement,
  SetupInfoItem,
} from './plugin.ts'
export {
  type DailyRecord,
  type FieldValue,
  isDailyRecord,
  isRejected,
  type MappedRecord,
  type Measurement,
  type RejectedRecord,
} from './records.ts'
export { parseEach } from './parse-each.ts'
export type {
  ArchivedFetch,
  Delivery,
  FileRun,
  ImportRun,
  PushRun,
  StagedRecords,
  Window,
  WindowImport,
  WindowRun,
} from './run.ts'
export type { StandardResult, StandardSchema } from './standard-schema.ts'
export { adaptPlugin, isPlainPlugin, type PlainHost } from './plain/adapt-plugin.ts'
export { getConfigValue } from './plain/context.ts'
export { refreshAccessToken } from './plain/refresh-access-token.ts'
export type {
  DataFieldDescriptor,
  DataImportPlugin,
  ImportedDataRecord,
  OAuthConfig,
  OAuthCredentials,
} from './plain/types.ts'
export { clampWait, readRetryAt, readWait, type WaitPlaces } from './wait.ts'
export { readOAuthError, TokenRefusal } from './auth/token-refusal.ts'
export { minutesFromMidnight } from './sleep/minutes-from-midnight.ts'
export { type Night, type NightOfDay, nightsOf } from './sleep/nights-of.ts'
export type { LocalTime, SleepSession, SleepStage, StageTotals } from './sleep/sleep-session.ts'
