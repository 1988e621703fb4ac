/** Ctrl-C: what is under way is given up, which harms nothing, and what was done is kept. */
export function stopOnSignal(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => controller.abort(new Error(signal)))
  return controller.signal
}
