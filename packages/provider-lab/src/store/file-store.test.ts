import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { ask, connect, obtainCode, refresh, startTestLab } from '../test-client.ts'
import { fileStore } from './file-store.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lab-store-'))))

test('the key is made once, for the owner alone', async () => {
  const [one, other] = [fileStore(folder), fileStore(folder)]
  expect(one.key).toHaveLength(32)
  expect(other.key).toEqual(one.key)
  expect((await stat(join(folder, 'key'))).mode & 0o777).toBe(0o600)
})

test('of many who put a new record, through several stores, one wins', async () => {
  const stores = [fileStore(folder), fileStore(folder), fileStore(folder)]
  const attempts = Array.from({ length: 30 }, (_, by) =>
    stores[by % 3]!.putNew('name', { expiresAt: null, by }),
  )
  const won = await Promise.all(attempts)
  expect(won.filter(Boolean)).toHaveLength(1)
  expect(await stores[0]!.get('name')).toEqual({ expiresAt: null, by: won.indexOf(true) })
})

test('sweeping removes what expired and leaves the rest and the key', async () => {
  const store = fileStore(folder)
  await store.put('old', { expiresAt: 999 })
  await store.put('young', { expiresAt: 1001 })
  await store.put('lasting', { expiresAt: null })
  await writeFile(join(folder, 'another-process-writes-this.part'), '')
  await store.sweep(1000)
  const left = ['another-process-writes-this.part', 'key', 'lasting.json', 'young.json']
  expect((await readdir(folder)).sort()).toEqual(left)
})

test('a lab that restarts on the same folder knows its tokens, its client and a refresh that was just answered', async () => {
  const before = await startTestLab('2026-11-20T12:00:00Z', { store: fileStore(folder) })
  const tokens = await connect(before)
  const refreshed = await (await refresh(before, tokens.refresh_token)).json()
  const client = before.lab.client('fitbit')
  await before.close()

  const after = await startTestLab('2026-11-20T12:01:00Z', { store: fileStore(folder) })
  expect(after.lab.client('fitbit')).toEqual(client)
  expect((await ask(after, '/1/user/-/profile.json', tokens.access_token)).status).toBe(200)
  expect(await (await refresh(after, tokens.refresh_token)).json()).toEqual(refreshed)
  await after.close()
})

test('neither a code nor a token nor a secret lies in the folder', async () => {
  const lab = await startTestLab('2026-11-20T12:00:00Z', { store: fileStore(folder) })
  const { refresh_token } = await connect(lab)
  await refresh(lab, refresh_token)
  await obtainCode(lab)
  const issued = (await (await fetch(`${lab.url}/issued/fitbit`)).json()) as { issued: { value: string }[] }
  const secrets = [...issued.issued.map(({ value }) => value), lab.lab.client('fitbit').clientSecret]
  const files = await readdir(folder)
  const contents = await Promise.all(files.map((file) => readFile(join(folder, file), 'latin1')))
  const everything = [...files, ...contents].join('\n')
  expect(secrets.length).toBeGreaterThan(5)
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([])
  await lab.close()
})

test('what is used up disappears: a year of refreshing leaves a handful of files', async () => {
  const lab = await startTestLab('2026-01-01T12:00:00Z', { store: fileStore(folder) })
  let { refresh_token } = await connect(lab)
  for (let week = 0; week < 52; week++) {
    lab.pass({ days: 7 })
    refresh_token = ((await (await refresh(lab, refresh_token)).json()) as { refresh_token: string })
      .refresh_token
  }
  expect((await readdir(folder)).length).toBeLessThan(10)
  await lab.close()
})
