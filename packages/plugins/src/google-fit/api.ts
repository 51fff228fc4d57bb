import type { Api } from '@tributary/plugin-sdk'
import { z } from 'zod'
import { readGoogleError } from '../google/refusals.ts'

/** The connected person's part of the API (fitness v1; `me` is who granted the token). */
export const me = '/fitness/v1/users/me'

/** The scope that lets an area be read; distances are `location`, whoever walked them. */
export function readScope(area: 'activity' | 'body' | 'heart_rate' | 'location' | 'sleep'): string {
  return `https://www.googleapis.com/auth/fitness.${area}.read`
}

/** Reads the reason in Google's error envelope where the status alone would mislead. */
export const readError: NonNullable<Api['readError']> = (status, body) =>
  readGoogleError({ name: 'Google Fit', api: 'Fitness API' }, status, body)

/** Milliseconds since 1970: 64 bits, so a text by Google's JSON mapping. */
export const milliseconds = z.union([z.string().regex(/^\d+$/), z.int()]).transform(Number)

/** Nanoseconds since 1970, read as milliseconds; as a number they would not fit. */
export const nanoseconds = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => Number(BigInt(text) / 1_000_000n))

/** One field of a point: "Only one of integer and floating point fields will be populated" (spec, DataPoint). */
export const number = z
  .object({ intVal: z.int().optional(), fpVal: z.number().optional() })
  .transform(({ intVal, fpVal }) => intVal ?? fpVal)
  .pipe(z.number())
