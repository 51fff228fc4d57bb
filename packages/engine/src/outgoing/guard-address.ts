import { BlockList, isIPv4 } from 'node:net'

/** Ranges of IPv4 that are not the public internet (IANA's special-purpose registry, RFC 6890, and multicast). */
const special: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

const special4 = new BlockList()
const special6 = new BlockList()
for (const [address, bits] of special) {
  special4.addSubnet(address, bits)
  // A NAT64 gateway leads to the address in the last 32 bits (RFC 6052).
  special6.addSubnet(`64:ff9b::${address}`, 96 + bits, 'ipv6')
}
// Protocol assignments with Teredo, documentation, and 6to4, which wraps any IPv4 address.
special6.addSubnet('2001::', 23, 'ipv6')
special6.addSubnet('2001:db8::', 32, 'ipv6')
special6.addSubnet('2002::', 16, 'ipv6')
special6.addSubnet('3fff::', 20, 'ipv6')

/** Of IPv6 what is assigned to the public, and NAT64; so mapped, local, unique local and multicast ones are not. */
const public6 = new BlockList()
public6.addSubnet('2000::', 3, 'ipv6')
public6.addSubnet('64:ff9b::', 96, 'ipv6')

/** Whether an address, as a resolver gives it, is one of the public internet. What is none at all is not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special4.check(address)
  return public6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
}
