import type { SetupInfoItem } from '@tributary/plugin-sdk'
import { callbackWarning } from '../google/callback.ts'

/** How an admin sets the source up, in the order in which it is done. */
export function setupInfo(values: Record<string, string>): SetupInfoItem[] {
  return [
    ...callbackWarning(values),
    {
      label: '1. Project',
      value: 'Make a Google Cloud project of your own: https://console.cloud.google.com/projectcreate',
    },
    {
      label: '2. API',
      value:
        'Enable the Google Health API in it: https://console.cloud.google.com/apis/library/health.googleapis.com',
    },
    {
      label: '3. Consent screen',
      value:
        'Under "Google Auth Platform" give the app a name and your address, and choose the audience "External": https://console.cloud.google.com/auth/overview',
    },
    {
      label: '4. Scopes',
      value:
        'Under "Data Access" add the three scopes googlehealth.activity_and_fitness.readonly, googlehealth.health_metrics_and_measurements.readonly and googlehealth.sleep.readonly. Google calls them restricted; for up to 100 users of your own no verification is needed.',
    },
    {
      label: '5. Publishing status',
      value:
        'Under "Audience" press "Publish app", so that it says "In production", and leave it unverified. As long as it says "Testing", Google ends every connection after seven days and everyone has to connect again.',
    },
    {
      label: '6. Client',
      value:
        'Under "Clients" create one of the type "Web application" with the callback URL from here as authorized redirect URI, letter by letter, and copy its ID and secret to the fields here: https://console.cloud.google.com/auth/clients',
    },
    {
      label: 'Callback URL',
      value:
        'Google takes https with a public domain name, or http://localhost. It takes no private names (.local, .lan) and no IP addresses but the machine’s own; for those use a domain name of yours whose DNS points to the private address.',
    },
    {
      label: 'What users see',
      value:
        'Google warns that it has not verified the app: "Advanced", then "Go to …". Each kind of data has a box of its own: what is left unticked is not imported, and can be allowed later by connecting again.',
    },
    {
      label: 'Limits',
      value:
        'An unverified app may have 100 users and ask 2.5 times a second. Tributary keeps to that for all users together, so long histories take their time.',
    },
  ]
}
