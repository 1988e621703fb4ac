import { createHash, randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Location } from '../../node/store/contentStore.ts'
import { FileContentStore } from '../../node/store/files/fileContentStore.ts'
import type { Write } from '../../node/store/keyValueStore.ts'
import { entryKey } from '../../node/store/layout.ts'
import { locationWrites } from '../../node/store/locations.ts'
import { LevelKeyValueStore } from '../../node/store/level/levelKeyValueStore.ts'

/**
 * Writes groups until it is killed: `node crashingWriter.ts <folder> <first group>`. Each group has a large
 * content and small ones; a line with its number follows once it is durable.
 */
export const PER_GROUP = 8

const [, , folder = '', first = '0'] = process.argv

async function main(): Promise<void> {
  const store = await LevelKeyValueStore.open(join(folder, 'db'))
  const contents = await FileContentStore.open(folder, { segmentLimit: 2 ** 20 })
  for (let group = Number(first); ; group++) {
    const small = Array.from({ length: PER_GROUP - 1 }, () => randomBytes(3000))
    const large = randomBytes(40_000)
    const writer = await contents.begin()
    await writer.write(large)
    const kept = await writer.keep()
    const locations: Location[] = [...(await contents.putGroup(small)), kept]
    await store.commit(
      [...small, large].flatMap((content, i) =>
        records(group * PER_GROUP + i, content, locations[i]),
      ),
    )
    writeSync(1, `${group}\n`)
    await contents.settle(kept)
  }
}

function records(index: number, content: Uint8Array, location: Location | undefined): Write[] {
  if (location === undefined) throw new TypeError('no location')
  const digest = createHash('sha256').update(content).digest()
  return [{ type: 'put', key: entryKey(index), value: digest }, ...locationWrites(index, location)]
}

if (process.argv[1] === import.meta.filename) await main()
