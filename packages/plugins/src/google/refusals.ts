import type { Api } from '@tributary/plugin-sdk'

type Refusal = ReturnType<NonNullable<Api['readError']>>

/** What 401 means. */
export const accessEnded: Refusal = {
  code: 'reauthorize',
  message:
    'Google no longer accepts this connection: it has ended, or the access was taken back in the Google account. Connect again.',
}

/** One stream's scope was not granted or taken back: connecting again is for the person to decide. */
export const boxNotTicked: Refusal = {
  code: 'not-allowed',
  message: 'not allowed at Google; connect again and tick its box.',
}
