import { z } from 'zod'
import { commonProblems, type Endpoint } from './endpoint.ts'
import { type Groups, groups } from './endpoints.ts'
import { problemDetails } from './problem.ts'

type Json = Record<string, unknown>

const tagDescriptions: Record<keyof Groups, string> = {
  Metrics: 'Daily values: read them, see where they come from, enter them by hand.',
  Sources: 'Services and formats, and the connections to them.',
  'Import jobs': 'What was imported, and what is being imported.',
  Uploads: 'Files that the user brings.',
  'Metric templates': 'The lists of metrics that Today shows.',
  Account: 'The account itself. No token will do.',
  'Signing in': 'By cookies, as browsers do; programs send a token.',
  Administration: 'For admins, without a token.',
  'API document': 'This document.',
}

/** Describes every endpoint as an OpenAPI 3.1 document. `url`: the origin at which this installation is reached. */
export function createOpenApi(url: string): Json & { openapi: string } {
  const components: Json = {}
  const schemaOf = (schema: z.ZodType) => toSchema(schema, components)
  schemaOf(problemDetails)
  const paths: Record<string, Json> = {}
  for (const [tag, endpoints] of Object.entries(groups)) {
    for (const [name, endpoint] of Object.entries(endpoints as Record<string, Endpoint>)) {
      const path = (paths[endpoint.path] ??= {})
      path[endpoint.method.toLowerCase()] = { tags: [tag], ...describe(name, endpoint, schemaOf) }
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Tributary',
      version: '0.1.0',
      description:
        'Every service you use, flowing into one database that you own. An error is a problem (RFC 9457) with a stable `code`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url }],
    tags: Object.keys(groups).map((name) => ({ name, description: tagDescriptions[name as keyof Groups] })),
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API token, created under Settings, Security.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tributary.session_token',
          description: 'The cookie of somebody who signed in.',
        },
      },
    },
  }
}

function describe(name: string, endpoint: Endpoint, schemaOf: (schema: z.ZodType) => Json): Json {
  const { summary, description, params, query, body, upload } = endpoint
  const parameters = [
    ...(params ? parametersOf(schemaOf(params), 'path') : []),
    ...(query ? parametersOf(schemaOf(query), 'query') : []),
  ]
  const input = body ? { 'application/json': { schema: schemaOf(body) } } : upload && bodyOf(upload)
  return {
    operationId: name,
    summary,
    ...(description !== undefined && { description }),
    security: securityOf(endpoint),
    ...(parameters.length > 0 && { parameters }),
    ...(input && { requestBody: { required: true, content: input } }),
    responses: { ...responsesOf(endpoint, schemaOf), ...problemsOf(endpoint) },
  }
}

/** One of these is needed. A token's scopes are named by the token itself, not by the scheme. */
function securityOf({ for: who, scopes }: Endpoint): Json[] {
  if (who === 'anybody') return []
  return [...(scopes.length > 0 ? [{ token: [...scopes] }] : []), { session: [] }]
}

function parametersOf(schema: Json, place: 'path' | 'query'): Json[] {
  const required = (schema['required'] ?? []) as string[]
  const properties = (schema['properties'] ?? {}) as Record<string, Json>
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }))
}

function bodyOf(type: string): Json {
  if (type !== 'multipart/form-data') return { [type]: { schema: {} } }
  const properties = {
    file: { type: 'string', contentMediaType: 'application/octet-stream' },
    mapping: { type: 'string', description: 'JSON.' },
  }
  return { [type]: { schema: { type: 'object', required: ['file'], properties } } }
}

function responsesOf({ answer }: Endpoint, schemaOf: (schema: z.ZodType) => Json): Json {
  const content = (): Json => {
    switch (answer.kind) {
      case 'json':
      case 'stream':
        return { 'application/json': { schema: schemaOf(answer.schema) } }
      case 'events': {
        const properties = Object.fromEntries(
          Object.entries(answer.events).map(([name, schema]) => [name, schemaOf(schema)]),
        )
        const description = 'The data of each event, by the name of the event.'
        return { 'text/event-stream': { schema: { type: 'object', description, properties } } }
      }
      case 'bytes':
        return Object.fromEntries(answer.types.map((type) => [type, { schema: {} }]))
      case 'redirect':
        return {}
    }
  }
  const described = (status: number) =>
    answer.kind === 'redirect'
      ? { description: 'The browser is sent on.' }
      : { description: descriptions[status] ?? 'Done.', content: content() }
  return Object.fromEntries(answer.statuses.map((status) => [String(status), described(status)]))
}

const descriptions: Record<number, string> = { 200: 'Done.', 201: 'Created.', 202: 'Accepted; it goes on.' }

function problemsOf(endpoint: Endpoint): Json {
  const codes = [...(endpoint.problems ?? []), ...commonProblems(endpoint)].sort()
  const schema = {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { type: 'object', properties: { code: { enum: [...new Set(codes)] } } },
    ],
  }
  const response = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema } },
  })
  return { '4XX': response('Refused.'), '5XX': response('A fault of this installation.') }
}

/** The JSON schema of what is sent or received; schemas with an id become components. */
function toSchema(schema: z.ZodType, components: Json): Json {
  const made = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' }) as Json
  const text = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/')
  const { $schema: _, $defs = {}, id, ...rest } = JSON.parse(text) as Json & { $defs?: Json }
  for (const [name, definition] of Object.entries($defs)) components[name] = withoutId(definition as Json)
  if (typeof id !== 'string') return rest
  components[id] = rest
  return { $ref: `#/components/schemas/${id}` }
}

const withoutId = ({ id: _, ...definition }: Json): Json => definition
