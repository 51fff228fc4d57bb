import { randomBytes } from 'node:crypto'
import type { LabRecord, LabStore } from './lab-store.ts'

/** A store for tests: forgotten with the process. */
export function memoryStore(): LabStore {
  const records = new Map<string, LabRecord>()
  return {
    key: randomBytes(32),
    async get(name) {
      return records.get(name)
    },
    async put(name, record) {
      records.set(name, record)
    },
    async putNew(name, record) {
      if (records.has(name)) return false
      records.set(name, record)
      return true
    },
    async remove(name) {
      records.delete(name)
    },
    async sweep(now) {
      for (const [name, { expiresAt }] of records) {
        if (expiresAt !== null && expiresAt < now) records.delete(name)
      }
    },
  }
}
