import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { PARTS, renderPage } from './generate.ts'

const PAGES = [
  'README.md',
  'docs/decisions.md',
  'docs/threats.md',
  'docs/formats.md',
  'docs/glossary.md',
  'docs/operations.md',
]

/** As GitHub names the anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

function linksOf(page: string): string[] {
  const prose = readFileSync(page, 'utf8').replaceAll(/```[^]*?```|`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = '']) => target)
}

function headingsOf(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#{1,6} (.+)$/gm)].map(([, text = '']) => text)
}

/** Files and folders of ours that a page names in full. */
function pathsOf(page: string): string[] {
  const tree = /`((?:node|api|contracts|examples|scripts|test|docs)\/[\w./-]*)`/g
  return [...readFileSync(page, 'utf8').matchAll(tree)].map(([, path = '']) => path)
}

describe('the documents', () => {
  for (const page of new Set(PARTS.map((part) => part.page))) {
    it(`${page} says what the code says: else run node test/docs/generate.ts`, async () => {
      expect(readFileSync(page, 'utf8')).to.equal(await renderPage(page))
    })
  }

  for (const page of PAGES) {
    it(`${page} links only to what exists`, () => {
      const missing = linksOf(page).filter((link) => {
        const [path = '', anchor] = link.split('#')
        const file = path === '' ? page : join(dirname(page), path)
        if (!existsSync(file)) return true
        return anchor !== undefined && !headingsOf(file).map(anchorOf).includes(anchor)
      })
      expect(missing).to.deep.equal([])
    })

    it(`${page} names only files that exist`, () => {
      expect(pathsOf(page).filter((path) => !existsSync(path))).to.deep.equal([])
    })
  }

  it('docs/decisions.md lists its sections, in their order', () => {
    const page = 'docs/decisions.md'
    const sections = [...readFileSync(page, 'utf8').matchAll(/^## (.+)$/gm)]
    const listed = linksOf(page).filter((link) => link.startsWith('#'))
    expect(listed).to.deep.equal(sections.map(([, title = '']) => `#${anchorOf(title)}`))
  })
})
