import { z } from 'zod'
import { endpoint, json } from '../endpoint.ts'

export const documentEndpoints = {
  readApiDocument: endpoint({
    method: 'GET',
    path: '/api/openapi.json',
    for: 'anybody',
    scopes: ['read', 'import', 'write'],
    summary: 'This document',
    answer: json(z.looseObject({ openapi: z.string() })),
  }),
}
