import { expect } from 'chai'
import { COMMANDS, commandsFor } from '../../api/cli/commands.ts'

describe('the commands of once', () => {
  it('have the names by which they are looked for', async () => {
    for (const { names, load } of COMMANDS) {
      const command = (await load())()
      expect([command.name(), ...command.aliases()]).to.deep.equal(names)
    }
  })

  for (const [what, words, found] of [
    ['the one that is named', ['--json', 'case', 'list'], ['case']],
    ['one by its other name', ['commitment', 'list'], ['undertaking']],
    ['both where one name is the value of an option', ['--token', 'key', 'use'], ['key', 'use']],
  ] as const)
    it(`are loaded as far as they can be meant: ${what}`, async () => {
      const commands = await commandsFor(words)
      expect(commands.map((command) => command.name())).to.deep.equal(found)
    })

  it('are all there where none is named', async () => {
    for (const words of [[], ['--help'], ['help'], ['nonsense']])
      expect(await commandsFor(words)).to.have.length(COMMANDS.length)
  })
})
