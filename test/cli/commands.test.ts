import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
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

  it('are all in the README, in their order', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
    const [listed = ''] = /^The commands are .*$/m.exec(readme) ?? []
    const told = [...listed.matchAll(/`([a-z]+)`/g)].map(([, name]) => name)
    expect(told).to.deep.equal(COMMANDS.map(({ names: [name] }) => name))
  })

  it('are all there where none is named', async () => {
    for (const words of [[], ['--help'], ['help'], ['nonsense']])
      expect(await commandsFor(words)).to.have.length(COMMANDS.length)
  })
})
