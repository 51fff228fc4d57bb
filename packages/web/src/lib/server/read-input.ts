import type { z } from 'zod'
import { problem } from './problem.ts'

/** Reads a JSON body by a schema; none at all is an empty object. Throws `Problem` 400. */
export async function readBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await request.text()
  if (text.trim() === '') return check({}, schema)
  try {
    return check(JSON.parse(text), schema)
  } catch (error) {
    if (error instanceof SyntaxError)
      throw problem(400, 'invalid-input', 'The body is not JSON. Send a JSON object.')
    throw error
  }
}

/** Reads the query by a schema. Throws `Problem` 400. */
export function readQuery<Schema extends z.ZodType>(url: URL, schema: Schema): z.infer<Schema> {
  const names = [...url.searchParams.keys()]
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined)
    throw problem(400, 'invalid-input', 'A query parameter is given twice. Give each once.')
  return check(Object.fromEntries(url.searchParams), schema)
}

function check<Schema extends z.ZodType>(value: unknown, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw problem(400, 'invalid-input', result.error.issues.map(sentence).join(' '))
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `Unknown: ${issue.keys.join(', ').slice(0, 80)}. Leave it out.`
  const name = issue.path.join('.')
  return name === '' ? `${issue.message}.` : `"${name}": ${issue.message}.`
}
