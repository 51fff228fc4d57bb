import { engineHost } from '@tributary/plugin-host'
import { describePlugin } from '@tributary/plugin-sdk/testing'
import { cupsFile } from '../testing/cups-file.ts'
import { csv } from './csv.ts'

describePlugin(csv, {
  host: engineHost,
  lab: cupsFile(),
  record: { spoil: (text) => text.replace(/,\d+\n$/, ',many\n') },
})
