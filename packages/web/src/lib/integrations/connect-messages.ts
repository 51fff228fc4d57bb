/** What a person is told who comes back from connecting without success, and what they can do. */
export interface ConnectMessage {
  sentence: string
  next: 'connect' | 'wait' | 'none'
}

type Message = (name: string) => ConnectMessage

const again =
  (sentence: (name: string) => string): Message =>
  (name) => ({ sentence: sentence(name), next: 'connect' })
const stop =
  (sentence: (name: string) => string): Message =>
  (name) => ({ sentence: sentence(name), next: 'none' })

const wrongClient = stop(
  (name) =>
    `${name} refuses this Tributary's client credentials. An admin has to correct them before you connect again.`,
)
const unavailable: Message = (name) => ({
  sentence: `${name} cannot be reached right now. Nothing was stored. Try again in a few minutes.`,
  next: 'wait',
})

const messages: Record<string, Message> = {
  access_denied: again((name) => `You did not allow access to ${name}, so nothing was connected or stored.`),
  invalid_state: again(
    (name) =>
      `The answer from ${name} does not belong to a connection that you began here, or it was used before. Nothing was stored. Connect again from this page.`,
  ),
  expired: again(
    (name) =>
      `Connecting ${name} took longer than ten minutes, or its settings were changed meanwhile, so it was given up. Connect again.`,
  ),
  wrong_issuer: again(
    (name) =>
      `The answer did not come from ${name}, so it was refused. Nothing was stored. Connect again from this page.`,
  ),
  invalid_code: again(
    (name) => `${name} no longer accepts the code that it had sent. Nothing was stored. Connect again.`,
  ),
  wrong_client: wrongClient,
  misconfigured: wrongClient,
  provider_unavailable: unavailable,
  unavailable,
  database_unavailable: again(
    (name) => `The database cannot be reached, so ${name} was not connected. Try again in a moment.`,
  ),
  other_address: stop(
    (name) =>
      `${name} sends you back to the address that PUBLIC_URL names, which is not the one you use now. Open Tributary there and connect, or have an admin set PUBLIC_URL to this address.`,
  ),
  not_configured: stop(
    (name) => `An admin has to enter client credentials for ${name} before it can be connected.`,
  ),
  retired: stop((name) => `${name} has been switched off by its maker and can no longer be connected.`),
  wrong_account: again(
    (name) =>
      `That is another ${name} account than the one connected before. Sign in there with the same account, or use "Connect another account" on its page.`,
  ),
  no_sign_in: stop((name) => `${name} is not connected by signing in there; its card says how it is.`),
  unknown_plugin: stop(() => 'There is no such source. Choose one from the list below.'),
  refused: again(
    (name) => `${name} could not be connected, and nothing was stored. Read on its card why, and what to do.`,
  ),
  missing_scopes: again(
    (name) =>
      `${name} was allowed only in part, and what is missing is needed. Connect again and allow all that it asks.`,
  ),
}

const anything = again(
  (name) => `Connecting ${name} did not work. Nothing was stored. Try again in a moment.`,
)

/** Finds the sentence for a code of `?error=`. No text of a provider ever comes onto the page. */
export function connectMessage(code: string, name: string | null): ConnectMessage {
  const message = Object.hasOwn(messages, code) ? messages[code] : undefined
  return (message ?? anything)(name ?? 'the source')
}
