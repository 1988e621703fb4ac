import { readCatalogueFile } from '../../api/client/cataloguing/files.ts'
import { introduce } from './casting.ts'
import { withOwnToken } from './ownToken.ts'
import type { Stage } from './stage.ts'

/** What there is to apply for and to give, and who answers for it: `once catalogue load seed --owner <city>`. */
export async function publishCatalogue(stage: Stage): Promise<void> {
  const { narrator } = stage
  narrator.chapter({
    zh: '目录：有哪些材料、事项与免申即享服务，由谁负责',
    en: 'The catalogue: which materials, matters and benefits there are, and who answers for them',
  })
  await introduce(stage, { departments: ['science', 'commerce'] })
  await narrator.step(
    {
      zh: '载入随附目录：每一版本都是账本里的一条语句',
      en: 'The catalogue that comes along is loaded: each version is a statement in the log',
    },
    () => load(stage),
    (count) => `${count} entries; the same by hand: npx once catalogue load seed --owner <address>`,
  )
}

async function load(stage: Stage): Promise<number> {
  const { departments } = stage
  const operator = await withOwnToken(stage)
  // Those who have no part in the story have their entries owned by the city.
  const names = { owner: departments.city.account }
  const seed = await readCatalogueFile('seed')
  const outcomes = await Array.fromAsync(operator.catalogue.load(seed, names))
  for (const outcome of outcomes) if ('error' in outcome) throw outcome.error
  return outcomes.length
}
