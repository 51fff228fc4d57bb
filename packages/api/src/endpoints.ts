import { accountEndpoints } from './endpoints/account.ts'
import { adminEndpoints } from './endpoints/admin.ts'
import { authEndpoints } from './endpoints/auth.ts'
import { documentEndpoints } from './endpoints/document.ts'
import { importJobEndpoints } from './endpoints/import-jobs.ts'
import { metricTemplateEndpoints } from './endpoints/metric-templates.ts'
import { metricEndpoints } from './endpoints/metrics.ts'
import { pluginEndpoints } from './endpoints/plugins.ts'
import { uploadEndpoints } from './endpoints/uploads.ts'

/** Every endpoint by groups, in the order of the API document. */
export const groups = {
  Metrics: metricEndpoints,
  Sources: pluginEndpoints,
  'Import jobs': importJobEndpoints,
  Uploads: uploadEndpoints,
  'Metric templates': metricTemplateEndpoints,
  Account: accountEndpoints,
  'Signing in': authEndpoints,
  Administration: adminEndpoints,
  'API document': documentEndpoints,
}

/** Every endpoint by its name. */
export const endpoints = {
  ...metricEndpoints,
  ...pluginEndpoints,
  ...importJobEndpoints,
  ...uploadEndpoints,
  ...metricTemplateEndpoints,
  ...accountEndpoints,
  ...authEndpoints,
  ...adminEndpoints,
  ...documentEndpoints,
}

export type Groups = typeof groups
export type Endpoints = typeof endpoints
export type EndpointName = keyof Endpoints
