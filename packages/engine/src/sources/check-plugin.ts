import { pushStream } from '../domain/push-stream.ts'
import {
  type AdminConfigField,
  type DataType,
  kindFault,
  type PluginDeclaration,
} from '@tributary/plugin-sdk'

const idForm = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
/** Ids that mean something else in the names of metrics. */
const taken = ['metric', 'manual']

/** What is wrong with a declaration, as one sentence each; nothing where it is sound. */
export function checkPlugin(plugin: PluginDeclaration): string[] {
  const { id, name, fields, streams, auth, api } = plugin
  const faults: string[] = []
  if (!idForm.test(id) || taken.includes(id))
    faults.push(`its id "${id}" must be lower-case words with hyphens between, and not ${taken.join(' or ')}`)
  if (!name) faults.push('it has no name')
  for (const [field, declared] of Object.entries(fields)) {
    const fault =
      declared.type === 'number' && !declared.unit ? 'is a number without a unit' : kindFault(declared)
    if (fault !== undefined) faults.push(`its field "${field}" ${fault}`)
  }
  if (plugin.files) return faults
  if (Object.keys(fields).length === 0) faults.push('it has no fields')
  if (Object.keys(streams).length === 0 && !plugin.push)
    faults.push('it has no streams and takes no deliveries')
  const givenBy: Record<string, string> = {}
  const notDeclared = plugin.push?.fields.find((field) => !Object.hasOwn(fields, field))
  if (notDeclared !== undefined)
    faults.push(`its deliveries name the field "${notDeclared}", which is not declared`)
  if (Object.hasOwn(streams, pushStream)) faults.push(`no stream may be named "${pushStream}"`)
  for (const [stream, { fields: named, maxDaysPerRequest, dataTypes }] of Object.entries(streams)) {
    if (named.length === 0) faults.push(`its stream "${stream}" has no fields`)
    const unknown = named.find((field) => !(field in fields))
    if (unknown !== undefined)
      faults.push(`its stream "${stream}" names the field "${unknown}", which is not declared`)
    // What a window lacks is gone at the source: two streams would take each other's values away.
    const shared = named.find((field) => (givenBy[field] ??= stream) !== stream)
    if (shared !== undefined)
      faults.push(`its streams "${givenBy[shared]}" and "${stream}" both give the field "${shared}"`)
    if (dataTypes && !arePartsOf(named, dataTypes))
      faults.push(`the data types of its stream "${stream}" must give each of its fields exactly once`)
    if (!(maxDaysPerRequest >= 1))
      faults.push(`its stream "${stream}" must ask for at least one day per request`)
  }
  const addresses = [api.baseUrl, ...(auth.type === 'oauth2' ? [auth.authorizationUrl, auth.tokenUrl] : [])]
  if (auth.type === 'oauth2' && auth.issParameter && auth.issuer === undefined)
    faults.push('it declares "issParameter" without the issuer to expect')
  if (!addresses.every((address) => URL.canParse(address)))
    faults.push('it declares no host: its addresses must be full URLs')
  return faults
}

/** Whether every data type has fields, and together they are those of the stream. */
function arePartsOf(fields: string[], dataTypes: Record<string, DataType>): boolean {
  const parts = Object.values(dataTypes).map((type) => type.fields)
  const given = parts.flat()
  return (
    !('' in dataTypes) &&
    parts.every((part) => part.length > 0) &&
    given.length === fields.length &&
    new Set(given).size === given.length &&
    given.every((field) => fields.includes(field))
  )
}

/** What is wrong with the settings that a plugin names. */
export function checkAdminFields(fields: AdminConfigField[]): string[] {
  const areSound =
    Array.isArray(fields) && fields.every((field) => typeof field?.key === 'string' && field.key !== '')
  return areSound ? [] : ['its settings are no list of fields with a key each']
}
