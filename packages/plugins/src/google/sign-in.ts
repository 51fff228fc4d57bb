import { oauth2, type OAuth2 } from '@tributary/plugin-sdk'

/** How all of Google's APIs are signed in to (developers.google.com/identity/protocols/oauth2/web-server). */
export function googleSignIn(scopes: string[]): OAuth2 {
  return oauth2({
    authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    revokeUrl: 'https://oauth2.googleapis.com/revoke',
    issuer: 'https://accounts.google.com',
    scopes,
    clientAuth: 'body',
    endsEarly: {
      days: 7,
      note: 'The Google Cloud project is in testing, where Google ends every connection after seven days. An admin presses "Publish app" there under "Audience", until it says "In production"; connect again after that.',
    },
    // Without both there is no refresh token from the second consent on.
    authorizationParams: { access_type: 'offline', prompt: 'consent', include_granted_scopes: 'true' },
  })
}
