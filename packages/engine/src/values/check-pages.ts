import {
  type Answer,
  ImportError,
  type MapContext,
  type PluginDeclaration,
  type Stream,
} from '@tributary/plugin-sdk'
import { callPlugin } from '../sources/call-plugin.ts'

/**
 * Reads the pages of a fetch by their stream's schema. Throws an `ImportError` `unavailable` for one that has another form or
 * does not answer what was asked: it is never an empty window.
 */
export async function checkPages(
  { name }: PluginDeclaration,
  stream: Stream,
  pages: Answer[],
  context: MapContext,
): Promise<Answer[]> {
  return callPlugin(name, `reading ${stream.name ?? 'its pages'}`, () =>
    Promise.all(
      pages.map(async (page) => {
        const checked = await checkForm(name, stream, page)
        if (!answers(stream, checked, context))
          throw new ImportError(
            'unavailable',
            `${name} listed none of the requested days, although it always lists them. They are requested again.`,
          )
        return checked
      }),
    ),
  )
}

async function checkForm(name: string, { schema }: Stream, page: Answer): Promise<Answer> {
  if (!schema) {
    if (page === null || page === undefined || page === '')
      throw new ImportError('unavailable', `${name} sent an empty response.`)
    return page
  }
  const result = await schema['~standard'].validate(page)
  if (!result.issues) return result.value
  const [issue] = result.issues
  const path = issue?.path?.map((part) =>
    typeof part === 'object' && part ? Reflect.get(part, 'key') : part,
  )
  throw new ImportError(
    'unavailable',
    `${name} sent a response of an unexpected form (at ${path?.join('.') || 'the top'}).`,
  )
}

/** Whether a page of a source that always lists its days lists any of those that were asked for. */
function answers({ listedDays }: Stream, page: Answer, context: MapContext): boolean {
  const days = listedDays?.(page, context)
  return days === undefined || days.some((day) => context.from <= day && day <= context.to)
}
