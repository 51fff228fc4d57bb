import { createTestDatabase, type TestDatabase } from '../../packages/engine/src/testing/test-database.ts'
import { createHttpUser, type HttpUser } from './http-user.ts'
import { type App, startApp } from './start-app.ts'

/** An app with a database of its own and simulated providers, and its admin, who is signed in. */
export interface AppWithAdmin {
  database: TestDatabase
  app: App
  admin: HttpUser
  /** Stops the app and drops its database. */
  stop(): Promise<void>
}

export async function startAppWithAdmin(environment: Record<string, string> = {}): Promise<AppWithAdmin> {
  const credentials = { email: 'ada@example.org', password: 'a long password' }
  const database = await createTestDatabase({ empty: true })
  const app = await startApp({
    DATABASE_URL: database.url,
    TRIBUTARY_SIMULATE: 'all',
    TRIBUTARY_ADMIN_EMAIL: credentials.email,
    TRIBUTARY_ADMIN_PASSWORD: credentials.password,
    ...environment,
  })
  const admin = createHttpUser(app)
  await admin.json('POST', '/api/auth/sign-in/email', credentials)
  return {
    database,
    app,
    admin,
    async stop() {
      await app.stop()
      await database.drop()
    },
  }
}
