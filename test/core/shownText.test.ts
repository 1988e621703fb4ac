import { expect } from 'chai'
import { UseContext } from '../../node/core/grants/use.ts'
import { shownText } from '../../node/core/statements/parts.ts'

const isShown = (text: string) => shownText(4).safeParse(text).success

describe('a text that is shown', () => {
  it('has something to be seen, wherever it stands', () => {
    for (const text of ['张', ' 张', '张 ', '\u200b张', 'a b', '𠀀𠀀𠀀𠀀', '👨‍👩'])
      expect(isShown(text), text).to.equal(true)
  })

  it('is not made of what nobody sees', () => {
    const blanks = ['', ' ', '    ', '\u00a0', '\u3000', '\u2028', '\u200b', '\u2060', '\ufeff']
    const others = ['\u00ad', '\u3164', '\uffa0', '\u2800', '\ufe0f', '\u{e0020}', ' \u200b\u3000']
    for (const text of [...blanks, ...others])
      expect(isShown(text), JSON.stringify(text)).to.equal(false)
  })

  it('has no control characters, and is no longer than it may be', () => {
    for (const text of ['张\n', '\u0000张', '张示例五字'])
      expect(isShown(text), JSON.stringify(text)).to.equal(false)
  })

  it('is who asks and why, of a use', () => {
    const context = {
      case: '001900000100001',
      matter: 'M',
      officer: '张示例',
      cause: '变更住所',
      salt: '7'.repeat(64),
    }
    const placesOf = (changes: object) =>
      UseContext.safeParse({ ...context, ...changes }).error?.issues.map(({ path }) => path[0])
    expect(placesOf({})).to.equal(undefined)
    expect(placesOf({ officer: ' ', cause: '\u3000' })).to.deep.equal(['officer', 'cause'])
  })
})
