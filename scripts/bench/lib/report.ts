import { ratioOf } from './case.ts'
import type { Findings, Row } from './case.ts'

const HEADINGS = ['', 'ours', 'peer', 'ratio', 'target', '']

export function formatFindings({ rows, notes }: Findings): string {
  const lines = formatTable([HEADINGS, ...rows.map(toCells)])
  return [...lines, ...[...formatLimits(rows), ...notes].map((note) => `  · ${note}`)].join('\n')
}

/** One line for each limit, with all that it stops. */
function formatLimits(rows: readonly Row[]): string[] {
  const stopped = Map.groupBy(rows, ({ target }) => target?.limit)
  return [...stopped].flatMap(([limit, rows]) =>
    limit === undefined ? [] : [`${rows.map(({ what }) => what).join('; ')}: ${limit}`],
  )
}

function toCells(row: Row): string[] {
  const { what, unit, ours, peer, target } = row
  const ratio = ratioOf(row)
  return [
    what,
    `${formatNumber(ours)} ${unit}`,
    peer === undefined ? '' : `${formatNumber(peer.value)} ${peer.name}`,
    ratio === undefined ? '' : `${formatNumber(ratio)} ×`,
    target?.text ?? '',
    target === undefined ? '' : target.met ? 'met' : 'NOT MET',
  ]
}

/** Three digits are what a measurement is worth; whole numbers keep all of theirs. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000)
    return Math.round(value).toLocaleString('en')
  return value.toPrecision(3)
}

function formatTable(table: readonly (readonly string[])[]): string[] {
  const widths = HEADINGS.map((_, column) =>
    Math.max(...table.map((cells) => (cells[column] ?? '').length)),
  )
  return table.map((cells) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return column > 0 && column < 4 ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
}
