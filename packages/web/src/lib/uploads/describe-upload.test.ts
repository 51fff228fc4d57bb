import { expect, it } from 'vitest'
import { describeUpload, type ShownUpload } from './describe-upload.ts'
import { fileSize } from './file-size.ts'

const counts = {
  requests: 1,
  bytes: 100,
  pages: 1,
  read: 1200,
  values: 1199,
  new: 1199,
  changed: 0,
  unchanged: 0,
  removed: 0,
  setAside: 0,
  rejected: 1,
}
const upload: ShownUpload = {
  id: '',
  fileName: 'a.csv',
  bytes: 719,
  from: '2026-11-01',
  to: '2026-11-20',
  createdAt: '2026-11-21T12:00:00Z',
  undone: false,
  replacedBy: null,
  jobId: '',
  job: { status: 'partial', reason: null, counts },
}

it('says size, days and rows', () => {
  expect(describeUpload(upload)).toMatch(
    /^719 bytes · 1\s–\s20 Nov 2026 · 1,200 rows, 1,199 values, 1 rejected$/,
  )
  expect(
    describeUpload({ ...upload, from: null, to: null, job: { status: 'running', reason: null, counts } }),
  ).toBe('719 bytes · being imported')
  expect(describeUpload({ ...upload, from: null, to: null, job: null })).toBe('719 bytes')
})

it.each([
  [1, '1 byte'],
  [999, '999 bytes'],
  [1400, '1.4 kB'],
  [999_900, '1 MB'],
  [25_300_000, '25 MB'],
  [2_147_483_648, '2.1 GB'],
])('writes %d bytes as %s', (bytes, text) => expect(fileSize(bytes)).toBe(text))
