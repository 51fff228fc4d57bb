import { describe, expect, it } from 'vitest'
import { isCrossSite, isFromElsewhere, otherAddressOf } from './cross-site.ts'

const publicUrl = 'https://hub.example'
const ask = (method: string, headers: Record<string, string>) =>
  isCrossSite(new Request('https://hub.example/api/x', { method, headers }), publicUrl)

describe('a request that changes something', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is refused from another origin (%s)', (method) => {
    expect(ask(method, { origin: 'https://evil.example' })).toBe(true)
    expect(ask(method, { origin: 'https://evil.example', 'content-type': 'application/json' })).toBe(true)
  })

  it.each(['cross-site', 'same-site', 'nonsense'])('is refused where the browser calls it %s', (site) => {
    expect(ask('POST', { 'sec-fetch-site': site, origin: 'https://hub.example' })).toBe(true)
  })

  it('is refused from an origin that hides itself or only looks alike', () => {
    expect(ask('POST', { origin: 'null' })).toBe(true)
    expect(ask('POST', { origin: 'http://hub.example' })).toBe(true)
    expect(ask('POST', { origin: 'https://hub.example.evil.example' })).toBe(true)
    expect(ask('POST', { origin: 'https://user@hub.example', host: 'hub.example' })).toBe(true)
  })

  it('is taken from this site, and from what is no browser', () => {
    expect(ask('POST', { origin: 'https://hub.example', 'sec-fetch-site': 'same-origin' })).toBe(false)
    expect(ask('POST', { 'sec-fetch-site': 'none' })).toBe(false)
    expect(ask('DELETE', {})).toBe(false)
  })

  it('is taken from the very host that it was sent to, by whatever name', () => {
    expect(ask('POST', { origin: 'http://192.168.1.5:5173', host: '192.168.1.5:5173' })).toBe(false)
    expect(ask('POST', { origin: 'http://evil.example', host: '192.168.1.5:5173' })).toBe(true)
  })

  it('is refused from a page without TLS at the host that is reached by it', () => {
    expect(ask('POST', { origin: 'http://hub.example', host: 'hub.example' })).toBe(true)
  })
})

it('lets any site read, for the browser protects the answer', () => {
  expect(ask('GET', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).toBe(false)
})

it('knows a link from elsewhere', () => {
  const from = (headers: Record<string, string>) => isFromElsewhere(new Headers(headers), publicUrl)
  expect(from({ 'sec-fetch-site': 'cross-site' })).toBe(true)
  expect(from({ 'sec-fetch-site': 'same-site' })).toBe(true)
  expect(from({ 'sec-fetch-site': 'same-origin' })).toBe(false)
  expect(from({})).toBe(false)
})

it('knows a link from elsewhere by its page where the browser says no more', () => {
  const from = (headers: Record<string, string>) => isFromElsewhere(new Headers(headers), 'http://nas:5173')
  expect(from({ referer: 'http://evil.example/page' })).toBe(true)
  expect(from({ origin: 'http://evil.example' })).toBe(true)
  expect(from({ referer: 'http://nas:5173/settings/plugins' })).toBe(false)
  expect(from({ referer: 'http://192.168.1.5:5173/settings/plugins', host: '192.168.1.5:5173' })).toBe(false)
})

it('names the address by which a browser reaches this installation only where the browser vouches for it', () => {
  const other = (headers: Record<string, string>) => otherAddressOf(new Headers(headers), publicUrl)
  expect(other({ origin: 'https://tributary.lan', 'sec-fetch-site': 'same-origin' })).toBe(
    'https://tributary.lan',
  )
  expect(other({ origin: 'https://tributary.lan' })).toBe('https://tributary.lan')
  expect(other({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).toBeUndefined()
  expect(other({ origin: 'null' })).toBeUndefined()
  expect(other({ origin: publicUrl })).toBeUndefined()
})
