import { z } from 'zod'

export const Level = z.string().meta({
  description: 'Level of the tile, or `entries`',
  examples: ['0', 'entries'],
  pattern: '^(entries|\\d|[1-5]\\d|6[0-3])$',
})

export const TileIndex = z.string().meta({
  description: 'Index of the tile, with its width if it is not full',
  examples: ['000', 'x001/067', '000.p/12'],
  pattern: '^(x\\d{3}/)*\\d{3}(\\.p/[1-9]\\d{0,2})?$',
})
