import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'

type Environment = Record<string, string | undefined>

const secretNames = ['DATABASE_URL', 'TRIBUTARY_KEYS', 'TRIBUTARY_ADMIN_PASSWORD'] as const

const schema = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65535).default(5173),
    HOST: z.string().min(1).default('127.0.0.1'),
    PUBLIC_URL: z
      .url({
        protocol: /^https?$/,
        error: 'must be the whole address that browsers use, such as https://tributary.example',
        abort: true,
      })
      .refine((url) => new URL(url).pathname === '/' && !url.includes('?'), 'must have no path')
      .optional(),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    TRIBUTARY_DATA_DIR: z.string().min(1).optional(),
    TRIBUTARY_KEYS: z.string().optional(),
    TRIBUTARY_SIMULATE: z
      .string()
      .regex(/^[a-z0-9-]+(,[a-z0-9-]+)*$/, 'must be "all" or source ids with commas between')
      .optional(),
    TRIBUTARY_PLUGINS: z.string().optional(),
    TRIBUTARY_ALLOWED_PRIVATE_HOSTS: z.string().optional(),
    TRIBUTARY_HOSTS: z.string().toLowerCase().optional(),
    TRIBUTARY_ADMIN_EMAIL: z.email().optional(),
    TRIBUTARY_ADMIN_PASSWORD: z.string().min(10, 'must have at least 10 characters').optional(),
    TRIBUTARY_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  })
  .refine((value) => !value.TRIBUTARY_ADMIN_EMAIL === !value.TRIBUTARY_ADMIN_PASSWORD, {
    path: ['TRIBUTARY_ADMIN_EMAIL'],
    message: 'and TRIBUTARY_ADMIN_PASSWORD must be given together',
  })

/** Where and how this process works; see the README for each name. */
export interface Settings {
  port: number
  host: string
  /** The origin that browsers see, without a slash at its end. */
  publicUrl: string
  /** Host names beside that of PUBLIC_URL that requests may be sent to. */
  hosts: string[]
  /** Whether PUBLIC_URL was given. */
  publicUrlIsSet: boolean
  databaseUrl: string | undefined
  /** `undefined`: `data` in the project's folder. */
  dataDir: string | undefined
  keys: string | undefined
  /** Source ids, or `all`. */
  simulate: string[]
  /** Plugins from outside: paths or names of packages. */
  plugins: string[]
  /** Hosts (with port) without TLS or in a private network that plugins may ask. */
  privateHosts: string[]
  admin: { email: string; password: string } | undefined
  logLevel: string
  /** Whether an npm script started this process. */
  startedByNpm: boolean
  /** A source's setting from the environment, e.g. `FITBIT_CLIENT_ID`, or from the file named by `FITBIT_CLIENT_ID_FILE`. */
  environment(name: string): string | undefined
}

/** One or more settings are wrong; the message names all of them. */
export class SettingsError extends Error {}

/** Reads the settings from the environment, each secret also from the file that `NAME_FILE` names. */
export function readSettings(environment: Environment = process.env): Settings {
  const faults: string[] = []
  const given: Environment = {}
  for (const name of Object.keys(schema.shape)) {
    try {
      given[name] = readSetting(environment, name, (secretNames as readonly string[]).includes(name))
    } catch (error) {
      faults.push((error as Error).message)
    }
  }
  const result = schema.safeParse(given)
  for (const issue of result.error?.issues ?? [])
    faults.push(`${issue.path.join('.')} ${lowerFirst(issue.message)}.`)
  if (faults.length > 0 || !result.data) {
    throw new SettingsError(`The settings are wrong: ${faults.join(' ')}`)
  }
  const value = result.data
  return {
    port: value.PORT,
    host: value.HOST,
    publicUrl: (value.PUBLIC_URL ?? `http://localhost:${value.PORT}`).replace(/\/$/, ''),
    hosts: listOf(value.TRIBUTARY_HOSTS),
    publicUrlIsSet: value.PUBLIC_URL !== undefined,
    databaseUrl: value.DATABASE_URL,
    dataDir: value.TRIBUTARY_DATA_DIR === undefined ? undefined : resolve(value.TRIBUTARY_DATA_DIR),
    keys: value.TRIBUTARY_KEYS,
    simulate: listOf(value.TRIBUTARY_SIMULATE),
    plugins: listOf(value.TRIBUTARY_PLUGINS),
    privateHosts: listOf(value.TRIBUTARY_ALLOWED_PRIVATE_HOSTS),
    admin:
      value.TRIBUTARY_ADMIN_EMAIL && value.TRIBUTARY_ADMIN_PASSWORD
        ? { email: value.TRIBUTARY_ADMIN_EMAIL, password: value.TRIBUTARY_ADMIN_PASSWORD }
        : undefined,
    logLevel: value.TRIBUTARY_LOG_LEVEL,
    startedByNpm: environment['npm_lifecycle_event'] !== undefined,
    environment: (name) => readSetting(environment, name, true),
  }
}

/** Lets the pages' server take uploads of any size; the pages themselves limit everything else. */
export function allowLargeUploads(environment: Environment = process.env): void {
  environment['TRIBUTARY_WEB_BODY_SIZE_LIMIT'] = 'Infinity'
}

function readSetting(environment: Environment, name: string, secret: boolean): string | undefined {
  const value = environment[name] || undefined
  const file = secret ? environment[`${name}_FILE`] || undefined : undefined
  if (file === undefined) return value
  if (value !== undefined) throw new SettingsError(`${name} and ${name}_FILE are both given; keep one.`)
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new SettingsError(`${name}_FILE names ${file}, which cannot be read.`)
  }
}

function listOf(text = ''): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
