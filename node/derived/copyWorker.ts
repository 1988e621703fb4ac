import { parentPort } from 'node:worker_threads'
import { composeCopy } from './composeCopy.ts'
import type { Order } from './composeCopy.ts'

const port = parentPort
if (port === null) throw new TypeError('only works as a worker')

port.on('message', (order: Order) => {
  void composeCopy(order).then((composed) => port.postMessage(composed))
})
