import type { AnchorRecord } from './records.ts'

/** Input port: the log that is anchored. */
export interface AnchoredLog {
  /** The C2SP origin: names the log on every chain. */
  readonly origin: string

  /** The newest published checkpoint. `note` is its signed text. */
  checkpoint(): { readonly size: number; readonly root: Uint8Array; readonly note: string }

  /** The root when the log had this size; 0 ≤ size ≤ the checkpoint's. */
  rootAt(size: number): Promise<Uint8Array>

  /** RFC 6962 §2.1.2; empty for from = 0 and for from = to. */
  consistencyProof(from: number, to: number): Promise<readonly Uint8Array[]>
}

/** Output port: where anchor records are kept, one for each target and size. */
export interface AnchorStore {
  /** Writes all or none, durably; a record replaces the one of its target and size. */
  put(records: readonly AnchorRecord[]): Promise<void>

  get(target: string, size: number): Promise<AnchorRecord | undefined>

  /** By size, ascending unless `reverse`; `from` and `to` are included. */
  scan(
    target: string,
    range?: { readonly from?: number; readonly to?: number; readonly reverse?: boolean },
  ): AsyncIterable<AnchorRecord>
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number

  /** Resolves after `milliseconds`, or at once when the signal aborts; never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}
