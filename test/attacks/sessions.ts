import { expect } from 'chai'
import type { Assault, Descent, Player } from './support/assault.ts'

/** Sessions of one account at once, as the node keeps them. */
const MOST = 16

export function attacksBySessions(get: () => Assault): void {
  let a: Assault
  let base: Descent
  before(async () => {
    a = get()
    base = await a.descend(1)
  })

  /** Follows what becomes of the landlord's materials. */
  async function follow(token: string, { holder } = a.town.landlord): Promise<Response> {
    const { url } = a.site.serving
    const headers = { Authorization: `Bearer ${token}` }
    const response = await fetch(`${url}/v1/uses/live?holder=${holder}`, { headers })
    expect(response.status).to.equal(200)
    return response
  }

  async function signOut(token: string): Promise<void> {
    const headers = { Authorization: `Bearer ${token}` }
    const url = `${a.site.serving.url}/v1/session`
    expect((await fetch(url, { method: 'DELETE', headers })).status).to.equal(204)
  }

  it('takes what was opened in it along when it ends, and leaves what others opened', async () => {
    const [one, two] = [await a.signIn(a.town.landlord), await a.signIn(a.town.landlord)]
    const [first, second] = [await follow(one), await follow(two)]
    await signOut(one)
    expect(await first.text()).to.match(/^: connected/)
    const request = await a.ask(base.chain, { grantee: base.players.at(-1) as Player })
    await a.refusesUse({ ...request, manner: 'read' }, [422, 'USE_CONTEXT_MISMATCH'])
    const reader = second.body?.pipeThrough(new TextDecoderStream()).getReader()
    let told = ''
    while (!told.includes('USE_CONTEXT_MISMATCH')) told += (await reader?.read())?.value ?? ''
    await signOut(two)
    expect((await reader?.read())?.done).to.equal(true)
  })

  it('takes it along, too, when newer ones of its account push it out', async () => {
    const owner = await a.town.register('常登录的业主（示例）')
    const token = await a.signIn(owner)
    const stream = await follow(token, owner)
    for (let i = 0; i < MOST; i++) await a.signIn(owner)
    expect(await stream.text()).to.match(/^: connected/)
  })
}
