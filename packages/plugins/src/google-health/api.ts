import type { Answer, Api } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { readGoogleError, reasonsOf } from '../google/refusals.ts'
import { recordsOf } from '../records-of.ts'

/** The connected person's part of the API (health v4; `me` is who granted the token). */
export const me = '/v4/users/me'

/** The scope that lets an area be read; all of them are restricted ones (developers.google.com/health, "Scopes"). */
export function readScope(
  area: 'activity_and_fitness' | 'health_metrics_and_measurements' | 'sleep',
): string {
  return `https://www.googleapis.com/auth/googlehealth.${area}.readonly`
}

/** Reads the status and reason in Google's error envelope. */
export const readError: NonNullable<Api['readError']> = (status, body) => {
  // 412: "no Google Health profile yet"; both from developers.google.com/health/troubleshooting.
  if ((status === 400 && reasonsOf(body).includes('ACCOUNT_NOT_LINKED')) || status === 412) {
    return {
      code: 'reauthorize',
      message:
        'This Google account has no Google Health yet. Sign in with it once in the Google Health app, or choose the account that you use there; then connect again.',
    }
  }
  if (status === 403 && isLegacyAccount(body)) {
    return {
      code: 'reauthorize',
      message:
        'Your data is still in an old Fitbit account. Sign in to the Google Health app with your Google account, which moves it there; then connect again.',
    }
  }
  return readGoogleError({ name: 'Google Health', api: 'Google Health API' }, status, body)
}

/** Google tells an account that was not moved from Fitbit by its words alone (developers.google.com/health/troubleshooting). */
function isLegacyAccount(body: Answer): boolean {
  return /UberMint|GaiaMint/.test(JSON.stringify(body?.error ?? ''))
}

/** 64 bits: a text by Google's JSON mapping; some answers were seen with a number. */
export const int64 = z
  .union([z.string().regex(/^-?\d+$/), z.number()])
  .transform(Number)
  .pipe(z.int())

/** `daily-vo2-max` of an address as filters write it: `daily_vo2_max`. */
export function inFilters(dataType: string): string {
  return dataType.replaceAll('-', '_')
}

/** `daily-vo2-max` of an address as answers write it: `dailyVo2Max`. */
export function inAnswers(dataType: string): string {
  return dataType.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/**
 * The points of an answer, each parsed by itself: those that do not fit become rejected records. An answer without its list
 * is one only if it is empty, for Google's JSON may leave empty lists out.
 */
export function pageOf<Point>(
  list: 'dataPoints' | 'rollupDataPoints',
  point: z.ZodType<Point>,
  datesOf?: Parameters<typeof recordsOf>[1],
) {
  return z
    .looseObject({})
    .refine((answer) => list in answer || Object.keys(answer).every((key) => key === 'nextPageToken'), {
      error: `There is no ${list} in it.`,
    })
    .transform((answer) => (list in answer ? answer[list] : []))
    .pipe(recordsOf(point, datesOf))
}
