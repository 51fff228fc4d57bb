import { expect, test } from 'vitest'
import { listCases } from './harness/shared-cases.ts'
import { describeShared } from './harness/shared-folder.ts'

/** The files that shared-cases-mapping, -http and -csv test. */
const tested = [
  /^(health|fit|fitbit)-.*\.json$/,
  /^http-.*\.json$/,
  /^http-token-200-with-error\.md$/,
  /^csv-.*\.csv$/,
  /^csv-mapping-of-another-file\.md$/,
]

/** Files without a test, and why. */
const untested: Record<string, string> = {
  'README.md': 'describes the others',
  'http-callback-twice.md': 'the second delivery of a callback is not built yet',
  'http-multipart-without-boundary.md': 'the check of a multipart header is not built yet',
  'host-database-ends.md': 'needs a process whose database is killed',
  'host-database-of-an-older-commit.md': 'needs a data folder of an older version',
  'host-folder-of-somebody-else.md': 'needs a user who is not root',
  'host-proxy-that-changes-host.md': 'needs a proxy before the app',
  'host-public-url-without-scheme.md': 'needs the command line',
  'host-restore-from-pg-dump.md': 'needs a second PostgreSQL server',
  'host-search-path.md': 'needs a database owner with settings of its own',
  'host-second-installation.md': 'needs two installations on one server',
  'host-zone-unknown-to-postgres.md': 'needs a PostgreSQL without the old names of zones',
}

describeShared('cases', 'all files', (folder) => {
  test('each has a test, or a reason why not', () => {
    const files = listCases(folder, /./)
    const open = files.filter((file) => !(file in untested) && !tested.some((name) => name.test(file)))
    expect(open).toEqual([])
    expect(Object.keys(untested).filter((file) => !files.includes(file))).toEqual([])
  })
})
