import { once } from 'node:events'
import { connect } from 'node:net'

/** Asks one address again and again. */
export interface Asker {
  /** Resolves with the bytes of the answer; rejects unless it is 200. */
  ask(): Promise<number>
  close(): void
}

const bufferBytes = 1 << 16

/**
 * Asks over one connection and reads into one buffer. Whoever measures shares the processors with what is measured, and
 * an HTTP client that takes memory for each answer makes V8 collect it, with all its threads, while the server works.
 */
export async function askOverSocket(address: URL, headers: Record<string, string>): Promise<Asker> {
  let length = 0
  let missing = 0
  let waiting: PromiseWithResolvers<number> | undefined
  const fail = (why: string) => waiting?.reject(new Error(`${address.href}: ${why}`))
  const buffer = Buffer.alloc(bufferBytes)
  const socket = connect({
    host: address.hostname,
    port: Number(address.port),
    noDelay: true,
    onread: { buffer, callback: read },
  })
  socket.once('error', (error) => fail(error.message))
  socket.once('close', () => fail('the connection was closed'))
  await once(socket, 'connect')
  const lines = Object.entries({ host: address.host, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const question = `GET ${address.pathname}${address.search} HTTP/1.1\r\n${lines.join('')}\r\n`

  function read(count: number): boolean {
    if (missing === 0) begin(count)
    else missing -= count
    if (missing === 0) waiting?.resolve(length)
    return true
  }

  function begin(count: number): void {
    const end = buffer.subarray(0, count).indexOf('\r\n\r\n')
    const head = buffer.toString('latin1', 0, end)
    length = Number(/^content-length: (\d+)/im.exec(head)?.[1])
    if (end < 0 || !head.startsWith('HTTP/1.1 200 ') || !(length > 0)) fail(head)
    missing = length - (count - end - 4)
  }

  return {
    ask() {
      waiting = Promise.withResolvers<number>()
      socket.write(question)
      return waiting.promise
    },
    close: () => socket.destroy(),
  }
}
