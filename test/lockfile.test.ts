import { expect } from 'chai'
import { readFileSync } from 'node:fs'

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Readonly<Record<string, Locked>>
}

describe('the lock file', () => {
  // `npm ci` refuses a lock that leaves out the variants for other systems, and a registry that
  // does not carry them makes `npm install` leave them out.
  it('names every variant of every package, for whatever system', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      ),
    )
    expect(missing).to.deep.equal([])
  })

  it('holds no download addresses', () => {
    const addressed = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)
    expect(addressed.map(([path]) => path)).to.deep.equal([])
  })
})
