import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { SENTENCES } from '../../../api/http/problems.ts'
import type { CaseOpening } from '../../../node/cases/cases.ts'
import type { MaterialSubmission } from '../../../node/core/statement.ts'
import { familyRange } from '../../../node/store/layout.ts'
import type { Family } from '../../../node/store/layout.ts'
import type { UseRequest } from '../../../node/core/uses/documents.ts'
import { Assault, UNLIMITED } from '../../attacks/support/assault.ts'
import type { Answer } from '../../attacks/support/assault.ts'
import { BenefitTown, GIANTCO } from '../../scenarios/support/benefitTown.ts'
import type { Subject } from '../../scenarios/support/benefitTown.ts'
import {
  askFor,
  Chain,
  contextFor,
  listsOf,
  mask,
  requestOf,
} from '../../scenarios/support/town.ts'
import type { Player } from '../../scenarios/support/town.ts'

/** 公司变更登记（住所变更）: two agents one after the other at most, of which each is a company or a citizen. */
export const ADDRESS_CHANGE = 'CO_ADDR_CHANGE'
/** 医疗机构执业登记: nobody acts for the applicant. */
export const MEDICAL = 'MED_REG'
/** From which on both are in force. */
export const FIRST_DAY = '2023-01-01'

/**
 * Everything that tells of something that was said. What follows from the chain comes and goes by itself; and small
 * contents lie in segments, where they are moved some time after others were erased.
 */
const RECORDS: readonly Family[] = [
  'entry',
  'statement',
  'dataKey',
  'file',
  'id',
  'idempotency',
  'term',
]

export type Refusal = readonly [status: number, code: string]

/** What is asked for a material of a holder. */
interface Wanted {
  /** Where it is told, the grant is of somebody else than the holder. */
  readonly by?: Subject
  readonly case?: string
}

/** Where applications come in, in a town with its chain: everything wrong that can be sent there is. */
export class Counter {
  readonly place: BenefitTown
  readonly assault: Assault
  #cases = 0

  private constructor(place: BenefitTown, assault: Assault) {
    this.place = place
    this.assault = assault
  }

  static async open(): Promise<Counter> {
    const place = await BenefitTown.found(UNLIMITED)
    const wanted = [ADDRESS_CHANGE, MEDICAL]
    await place.publish(({ kind, code }) => kind === 'matter' && wanted.includes(code))
    return new Counter(place, await Assault.on(place.town))
  }

  close(): Promise<void> {
    return this.place.close()
  }

  /** Takes applications in. */
  get window(): Player {
    return this.place.commerce
  }

  /** Owns the change of addresses, and decides it. */
  get market(): Player {
    return this.place.town.market
  }

  /** Hands materials in. */
  get bureau(): Player {
    return this.place.town.bureau
  }

  /**
   * Everything that was ever said to the node: as hash, size and files of large contents; and what was sent to the
   * chain.
   */
  async trace() {
    const { store } = this.place.site.serving.node
    const hash = createHash('sha256')
    for (const family of RECORDS)
      for await (const [key, value] of store.scan(familyRange(family)))
        hash.update(`${key} ${value.length}\n`).update(value)
    const folders = ['files', 'incoming'].map((name) =>
      filesIn(join(this.place.site.folder, 'contents', name)),
    )
    return {
      ...(await this.assault.trace()),
      records: hash.digest('hex'),
      contents: await Promise.all(folders),
    }
  }

  /** That what is tried is refused so, says in words what to do, and changes nothing. */
  async refused(attempt: () => Promise<Answer>, [status, code]: Refusal): Promise<Answer> {
    const before = await this.trace()
    const answer = await attempt()
    requireProblem(answer, [status, code])
    expect(await this.trace()).to.deep.equal(before)
    return answer
  }

  refusesPost(
    by: Player | undefined,
    path: string,
    body: object,
    refusal: Refusal,
  ): Promise<Answer> {
    return this.refused(() => this.assault.post(by, path, body), refusal)
  }

  refusesGet(by: Player, path: string, refusal: Refusal): Promise<Answer> {
    return this.refused(() => this.assault.get(by, path), refusal)
  }

  /** A use that was signed for: the log says that and why it was refused, and nothing else came of it. */
  async refusesUse(request: UseRequest, [status, code]: Refusal): Promise<Answer> {
    const before = await this.trace()
    const answer = await this.assault.post(this.market, '/v1/uses', request)
    requireProblem(answer, [status, code])
    const { size, sent, contents } = await this.trace()
    expect([size, sent, contents]).to.deep.equal([before.size + 1, before.sent, before.contents])
    expect(await this.assault.newestStatement()).to.deep.include({ kind: 'use.refused', code })
    return answer
  }

  /** Bytes with what is said of them in a header, as machines send them. */
  upload(said: object, content: Buffer, mediaType: string): Promise<Answer> {
    const statement = Buffer.from(JSON.stringify(said)).toString('base64')
    const digest = createHash('sha256').update(content).digest('base64')
    const headers = {
      'Content-Type': mediaType,
      'Content-Digest': `sha-256=:${digest}:`,
      'Once-Statement': `:${statement}:`,
    }
    return this.assault.send(this.bureau, '/v1/materials', headers, Uint8Array.from(content))
  }

  /** Released to the market bureau; the id of the receipt. */
  async use(request: UseRequest): Promise<string> {
    return (await this.market.client.uses.request(request)).id
  }

  nextCase(): string {
    return `3101102026${String(++this.#cases).padStart(5, '0')}`
  }

  opening(changes: Partial<CaseOpening> = {}): CaseOpening {
    return {
      case: this.nextCase(),
      matter: { code: ADDRESS_CHANGE },
      applicant: this.place.giantco.holder,
      channel: 'counter',
      ...changes,
    }
  }

  /** Accepted at the window, decided by the market bureau. */
  async openCase(changes: Partial<CaseOpening> = {}): Promise<string> {
    const opening = this.opening(changes)
    await this.window.client.cases.open(opening)
    return opening.case
  }

  /** What those who handle a case read of it. */
  async caseText(code: string): Promise<string> {
    return (await this.assault.get(this.market, `/v1/cases/${code}`)).text
  }

  /** A material of the company, unless it says otherwise. */
  async handIn(
    type: string,
    said: Partial<MaterialSubmission> = {},
    content: Uint8Array = Buffer.from(`%PDF-1.7 ${type} ${++this.#cases}`),
  ): Promise<string> {
    const submission = { type, content: { mediaType: 'application/pdf' }, holder: GIANTCO, ...said }
    // For a case, by who handles it.
    const { client } = said.caseCode === undefined ? this.bureau : this.window
    return (await client.submit(submission, Uint8Array.from(content))).id
  }

  /** Signed by the market bureau under a grant of the whole material. */
  async askFor(
    id: string,
    { by = this.place.giantco, ...wanted }: Wanted = {},
  ): Promise<UseRequest> {
    const { town } = this.place
    const lists = listsOf({
      items: [{ material: id, may: 'copy' }],
      purposes: [{ matter: ADDRESS_CHANGE }],
    })
    const chain = new Chain(town, lists)
    await chain.grant(by, this.market, { items: mask(0), purposes: mask(0) })
    const asked = askFor(id, {
      subject: { kind: 'material', id },
      fields: [],
      context: { ...contextFor(ADDRESS_CHANGE), case: wanted.case ?? (await this.openCase()) },
    })
    return requestOf(asked, await chain.authorize(this.market, asked))
  }
}

/** The code, its own sentence, and its page; nothing of the inside. */
export function requireProblem({ status, code, details, text }: Answer, refusal: Refusal): void {
  expect([status, code], text).to.deep.equal(refusal)
  const [, expected] = refusal
  expect(details).to.include({
    status,
    type: `/problems/${expected}`,
    // What is wrong, and what to do: test/api/problems.test.ts.
    detail: SENTENCES[expected],
  })
}

/** Where it says that something is wrong, by RFC 6901. */
export function pointersIn({ details }: Answer): readonly string[] {
  const { pointer, issues = [] } = details as Details
  return pointer === undefined ? issues.map((issue) => issue.pointer) : [pointer]
}

interface Details {
  readonly pointer?: string
  readonly issues?: readonly { readonly pointer: string }[]
}

/** Each file with its length in bytes. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const named = files.map(async ({ parentPath, name }) => {
    const { size } = await stat(join(parentPath, name))
    return `${name} ${size}`
  })
  return (await Promise.all(named)).toSorted()
}
