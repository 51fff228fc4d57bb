import { describePlugin } from '@tributary/plugin-sdk/testing'
import { moodsPlugin } from './testing/moods-plugin.ts'
import { moodsSuite } from './testing/moods-suite.ts'

describePlugin(moodsPlugin, moodsSuite)
