import { definePlugin } from '@tributary/plugin-sdk'
import { csvFormat } from './csv-format.ts'

export type { CsvColumn, CsvMapping } from './mapping.ts'

/** Files with comma-separated values, as spreadsheets and most services write them. */
export const csv = definePlugin({
  id: 'csv',
  name: 'CSV file',
  description: 'A table with a date and a column per value, from a spreadsheet or another service’s export.',
  icon: '📄',
  auth: { type: 'upload' },
  api: { baseUrl: 'https://upload.invalid' },
  fields: {},
  streams: {},
  files: csvFormat,
})
