import type { Answer } from '@tributary/plugin-sdk'
import { z } from 'zod'

/**
 * Google Fit's response where the person has no source of a data type: status 400 or 404 with `no default datasource found
 * for: TYPE`, `datasource not found: SOURCE` or `DataSourceId not found: SOURCE` (issue 16 of amcolash/MMM-GoogleFit, issue
 * 51 of pkpio/fitbit-googlefit). It means that there is no data, and is no error.
 */
export function isNoSource(status: number, body: Answer): boolean {
  return [400, 404].includes(status) && noSource.safeParse(body).success
}

const noSource = z.object({
  error: z.object({
    message: z
      .string()
      .regex(/^(no default datasource found for|datasource(id)? not found|no data source found)\b/i),
  }),
})

/** A page that may also be Google's response that there is no such data source, which reads as `none`. */
export function orNoSource<Page>(page: z.ZodType<Page>, none: Page): z.ZodType<Page> {
  return z.unknown().transform((answer, context) => {
    if (noSource.safeParse(answer).success) return none
    const { data, error } = page.safeParse(answer)
    for (const { message, path } of error?.issues ?? []) context.addIssue({ code: 'custom', message, path })
    return data as Page
  })
}
