import type { Endpoints } from '@tributary/api'
import { accountHandlers } from './handlers/account.ts'
import { adminHandlers } from './handlers/admin.ts'
import { authHandlers } from './handlers/auth.ts'
import { documentHandlers } from './handlers/document.ts'
import type { Handlers } from './handlers/handler.ts'
import { importJobHandlers } from './handlers/import-jobs.ts'
import { metricTemplateHandlers } from './handlers/metric-templates.ts'
import { metricHandlers } from './handlers/metrics.ts'
import { pluginHandlers } from './handlers/plugins.ts'
import { uploadHandlers } from './handlers/uploads.ts'

/** What answers each endpoint of the API, by its name. */
export const handlers: Handlers<Endpoints> = {
  ...accountHandlers,
  ...adminHandlers,
  ...authHandlers,
  ...documentHandlers,
  ...importJobHandlers,
  ...metricTemplateHandlers,
  ...metricHandlers,
  ...pluginHandlers,
  ...uploadHandlers,
}
