import { type Account, ImportError, type PluginDeclaration, readAccountId } from '@tributary/plugin-sdk'

/**
 * Checks the account that a plugin or a token response identified. Throws an `ImportError` `misconfigured` where the id or an
 * alias is missing: stored as a text of its own, such as "undefined", it would make all accounts of the source look like one.
 */
export function readAccount({ name }: PluginDeclaration, given: unknown): Account {
  const { id, aliases = [] } = (given ?? {}) as { id?: unknown; aliases?: unknown }
  const ids = [id, ...(Array.isArray(aliases) ? aliases : [aliases])].map(readAccountId)
  const [account, ...others] = ids.filter((one) => one !== undefined)
  if (account === undefined || others.length + 1 !== ids.length) {
    throw new ImportError(
      'misconfigured',
      `The ${name} plugin did not say which account it is connected to, so nothing was stored. Update the plugin, or report this to its maker.`,
    )
  }
  return { id: account, aliases: others }
}
