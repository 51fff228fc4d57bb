import { expect, test } from 'vitest'
import { examplePlugin } from '../testing/example-plugin.ts'
import { allowAddress } from './allow-address.ts'

const { plugin } = examplePlugin('example', {
  tokenUrl: 'https://token.example/token',
  revokeUrl: 'https://revoke.example:8443/',
})
const declared = { ...plugin, api: { ...plugin.api, hosts: ['*.data.example', 'own.example:8080'] } }

test.each([
  ['https://service.example/me', true],
  ['https://SERVICE.example:443/me', true],
  ['https://token.example/x', true],
  ['https://revoke.example:8443/', true],
  ['https://a.b.data.example/', true],
  ['https://own.example:8080/', true],
  ['https://service.example:8443/', false],
  ['https://service.example./', false],
  ['https://a.service.example/', false],
  ['https://service.example.evil.example/', false],
  ['https://service.example@evil.example/', false],
  ['https://data.example/', false],
  ['https://evildata.example/', false],
  ['https://a.data.example:22/', false],
  ['https://own.example/', false],
])('%s is declared: %s', (address, allowed) => {
  const ask = () => allowAddress(declared, new URL(address))
  if (allowed) expect(ask).not.toThrow()
  else expect(ask).toThrow('does not declare it')
})
