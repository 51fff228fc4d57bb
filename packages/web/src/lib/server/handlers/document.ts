import { createOpenApi, type Groups } from '@tributary/api'
import { engine } from '../engine.ts'
import type { Handlers } from './handler.ts'

export const documentHandlers: Handlers<Groups['API document']> = {
  readApiDocument: () => Promise.resolve(createOpenApi(engine().publicUrl)),
}
