import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

/**
 * Mounts a disk of a few bytes at the path; answers what takes it away again, or undefined where only
 * another user may mount.
 */
export function mountSmallDisk(path: string, bytes: number): (() => void) | undefined {
  mkdirSync(path, { recursive: true })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path])
  if (mounted.status !== 0) return undefined
  return () => {
    spawnSync('umount', [path])
  }
}
