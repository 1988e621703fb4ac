import type { DerivedCopy } from '../core/uses/derivedCopy.ts'

export type Mark = DerivedCopy['mark']

/** What people read of a mark, in Chinese. */
export interface MarkText {
  /** One line, across each page. */
  readonly watermark: string
  /** Label and value; the longest last, for what has no room is cut there. */
  readonly rows: readonly (readonly [label: string, value: string])[]
}

export function describeMark(mark: Mark): MarkText {
  const { department, departmentName, matter, matterName } = mark
  return {
    watermark: `仅供 ${departmentName ?? department} 办理 ${matterName ?? matter} 使用 · ${formatDay(mark.expires)} 前有效`,
    rows: [
      ['使用部门', nameWith(department, departmentName)],
      ['经办人', mark.officer],
      ['办件编号', mark.case],
      ['事项', nameWith(matter, matterName)],
      ['制作时间', formatTime(mark.at)],
      ['有效期至', formatTime(mark.expires)],
      ['使用编号', mark.use],
      ['制作者', mark.maker],
      ['事由', mark.cause],
    ],
  }
}

function nameWith(id: string, name: string | undefined): string {
  return name === undefined ? id : `${name}（${id}）`
}

/** China has one time, UTC+8, and no summer time. */
const OFFSET = 8 * 60 * 60

/** @param time seconds since 1970 */
function formatTime(time: number): string {
  return new Date((time + OFFSET) * 1000).toISOString().slice(0, 19).replace('T', ' ')
}

/** The first day on which the copy is good no longer, where it ends with a day; otherwise the last moment. */
function formatDay(time: number): string {
  return formatTime(time).replace(' 00:00:00', '')
}
