import { expect, test } from 'vitest'
import { chooseDataDir } from './choose-data-dir.ts'

test('the data lies in the project, for an ordinary user and for root', () => {
  const usual = { dataDir: '/opt/tributary/data', notice: undefined }
  const projectFolder = '/opt/tributary'
  expect(chooseDataDir({ root: false, projectFolder, blockedParent: undefined })).toEqual(usual)
  expect(chooseDataDir({ root: true, projectFolder, blockedParent: undefined })).toEqual(usual)
})

test('root with a project that PostgreSQL cannot reach keeps the data in /var/lib and is told so', () => {
  const chosen = chooseDataDir({ root: true, projectFolder: '/root/tributary', blockedParent: '/root' })
  expect(chosen.dataDir).toBe('/var/lib/tributary')
  expect(chosen.notice).toMatch(
    /instead of \/root\/tributary\/data.* cannot enter \/root;.*TRIBUTARY_DATA_DIR/,
  )
})
