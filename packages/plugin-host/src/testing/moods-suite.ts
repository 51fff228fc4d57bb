import type { PluginSuite } from '@tributary/plugin-sdk/testing'
import { engineHost } from '../engine-host.ts'
import { moodsLab } from './moods-service.ts'

/** What the contract suite knows of the correct plugin, and of each that breaks one rule. */
export const moodsSuite: PluginSuite = {
  host: engineHost,
  lab: moodsLab,
  record: {
    path: /\/entries/,
    spoil: (body) => body.replace(/"steps":\d+/, '"steps":"many"'),
  },
  account: { path: /\/me$/, withoutId: (body) => body.replace('"id":', '"name":') },
  paging: { next: 'next', parameter: 'page' },
}
