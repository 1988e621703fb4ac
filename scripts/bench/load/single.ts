// Sends requests over keep-alive connections, one under way on each: `single.ts <url> <requests> <connections>
// <bytes>`. Bare sockets and requests made beforehand: the second core is to be the server's as far as possible.
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { once } from 'node:events'
import { machineCpuTime } from '../lib/bystanders.ts'
import { hand } from '../lib/child.ts'
import type { Sent } from '../lib/load.ts'
import { makeRawRequests } from '../lib/requests.ts'
import { quantile } from '../lib/stats.ts'

const SAMPLES = 8

const [url = '', ...numbers] = process.argv.slice(2)
const [requestCount = 0, connections = 0, contentBytes = 0] = numbers.map(Number)
const { hostname, port, host } = new URL(url)

const requests = makeRawRequests(requestCount, contentBytes, host)
const latencies = new Float64Array(requestCount)
const answers: string[] = []
let next = 0

/** Sends one request after the other until none is left. */
function run(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let number = 0
    let sentAt = 0
    let received: Buffer | undefined

    function send(): void {
      number = next++
      const request = requests[number]
      if (request === undefined) return resolve()
      sentAt = performance.now()
      socket.write(request)
    }

    function take(chunk: Buffer): void {
      received = received === undefined ? chunk : Buffer.concat([received, chunk])
      const headEnd = received.indexOf('\r\n\r\n')
      if (headEnd === -1) return
      const head = received.toString('latin1', 0, headEnd)
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
      if (!head.startsWith('HTTP/1.1 201') || length === undefined)
        return reject(new Error(`unexpected answer: ${received.toString()}`))
      if (received.length < headEnd + 4 + Number(length)) return
      latencies[number] = performance.now() - sentAt
      if (requestCount - number <= SAMPLES) answers.push(received.toString('utf8', headEnd + 4))
      received = undefined
      send()
    }

    socket.on('data', take)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the server closed a connection')))
    send()
  })
}

const sockets = await Promise.all(
  Array.from({ length: connections }, async () => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    await once(socket, 'connect')
    return socket
  }),
)
const [machine, own] = [machineCpuTime(), process.cpuUsage()]
const started = performance.now()
await Promise.all(sockets.map(run))
const seconds = (performance.now() - started) / 1000
const machineCpu = machineCpuTime() - machine
const { user, system } = process.cpuUsage(own)
for (const socket of sockets) socket.destroy()

hand({
  seconds,
  machineCpu,
  ownCpu: (user + system) / 1e6,
  p50: quantile([...latencies], 0.5),
  p99: quantile([...latencies], 0.99),
  answers,
} satisfies Sent)
