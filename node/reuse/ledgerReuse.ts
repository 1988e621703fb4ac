import type { Cases } from '../cases/cases.ts'
import type { RegistryChain } from '../chain/registries.ts'
import { isDecided } from '../core/cases/stages.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { crossingOf } from '../core/figures/crossing.ts'
import type { Crossing } from '../core/figures/crossing.ts'
import { departmentNamed } from '../core/parties/principal.ts'
import { canonicalize } from '../core/json.ts'
import type { Considered, ResolvedMaterial, Resolution } from '../core/resolution/document.ts'
import { reasonsOf } from '../core/resolution/reasons.ts'
import type { CaseOpened } from '../core/statements/case.ts'
import { isReceipt } from '../core/statements/check.ts'
import { useStatementId, userOf } from '../core/uses/request.ts'
import { Turns } from '../core/turns.ts'
import { nameOfKey } from '../ledger/idempotency.ts'
import type { Appended, Idempotency, Ledger } from '../ledger/ledger.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import type { Uses } from '../uses/uses.ts'
import type { Checks } from '../checks/checks.ts'
import type { Resolutions } from '../resolution/resolutions.ts'
import type { Reuse, Reused, ReuseRequest } from './reuse.ts'

export interface ReuseParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'keys' | 'openStatement'>
  readonly cases: Pick<Cases, 'get'>
  readonly resolutions: Pick<Resolutions, 'ofCase'>
  readonly uses: Pick<Uses, 'request'>
  readonly checks: Pick<Checks, 'ask' | 'get'>
  readonly directory: Pick<PartyDirectory, 'departmentOf'>
  readonly chain: Pick<RegistryChain, 'registries'>
}

type Asked = ReuseRequest['uses'][number]
const NO_CROSSING: Crossing = { department: false, level: false, region: false }

/** Uses of all that a case needs, as its resolution found it. */
export class LedgerReuse implements Reuse {
  readonly #parts: ReuseParts
  readonly #turns = new Turns()

  constructor(parts: ReuseParts) {
    this.#parts = parts
  }

  async reuse(
    code: string,
    department: Hex,
    request: ReuseRequest,
    idempotency?: Idempotency,
  ): Promise<readonly Reused[]> {
    if (idempotency === undefined) return this.#reuse(code, department, request)
    // Of two that come at once, the second has to find what the first was answered.
    return this.#turns.take(nameOfKey(idempotency), async () => {
      await this.#parts.ledger.keys.find(idempotency)
      return this.#reuse(code, department, request, idempotency)
    })
  }

  async #reuse(
    code: string,
    department: Hex,
    { uses }: ReuseRequest,
    idempotency?: Idempotency,
  ): Promise<Reused[]> {
    const { cases, resolutions } = this.#parts
    const { statement: opened, stages } = await cases.get(code)
    const answered = await Promise.all(uses.map(({ request }) => this.#isAnswered(request)))
    // What was answered before is answered again, though nothing is left to find; that a case is decided is for the use
    // to say, whose refusal is on record.
    const isOver = isDecided(stages.map(({ statement }) => statement))
    const resolution =
      answered.every(Boolean) || isOver
        ? undefined
        : await resolutions.ofCase(code, department, { consider: considered({ uses }) })
    const reused: Reused[] = []
    // One after another: two uses under one grant are counted in the order in which they were signed.
    for (const [i, asked] of uses.entries()) {
      const found = { opened, department, resolution: answered[i] ? undefined : resolution }
      reused.push(await this.#reuseOne(asked, found, idempotency))
    }
    return reused
  }

  async #reuseOne(
    { material, request }: Asked,
    found: Found,
    idempotency: Idempotency | undefined,
  ): Promise<Reused> {
    try {
      requireOfCase(request, found)
      if (found.resolution) requireReady(material, request, found.resolution)
      const { id, index, created, ...told } = await this.#take(material, request, idempotency)
      const crossing = await this.#crossingOf(index, found.department)
      return { material, use: id, index, created, ...told, crossing }
    } catch (error) {
      if (!isLedgerError(error)) throw error
      return { material, refused: error }
    }
  }

  async #take(
    material: string,
    request: Asked['request'],
    idempotency: Idempotency | undefined,
  ): Promise<Taken> {
    const { uses, checks, chain } = this.#parts
    if ('questions' in request) {
      const id = useStatementId(request, chain.registries)
      // Who asks by the key of before is answered as before.
      if (idempotency !== undefined && (await this.#isAnswered(request))) {
        const { index, statement } = await checks.get(id)
        return { id, index, created: false, answers: statement.answers }
      }
      const { index, created, answers } = await checks.ask(request)
      return { id, index, created, answers }
    }
    const { id, index, created } = await uses.request(request, {
      ...(idempotency && { idempotency: { ...idempotency, part: material } }),
    })
    return { id, index, created }
  }

  async #isAnswered(request: Asked['request']): Promise<boolean> {
    const { ledger, chain } = this.#parts
    return (await ledger.findIndex(useStatementId(request, chain.registries))) !== undefined
  }

  /** As the figures of the month count it, from the same statements. */
  async #crossingOf(index: number, department: Hex): Promise<Crossing> {
    const { ledger, directory } = this.#parts
    const { statement: use } = await ledger.openStatement(index)
    if (!isReceipt(use)) return NO_CROSSING
    const { statement } = await ledger.openStatement(use.subject.index)
    const source = sourceOf(statement)
    if (source === undefined || source === department) return NO_CROSSING
    const [own, other] = await Promise.all([
      directory.departmentOf(department),
      directory.departmentOf(source),
    ])
    return crossingOf(own?.region, other?.region)
  }
}

interface Taken extends Pick<Appended, 'id' | 'index' | 'created'> {
  readonly answers?: readonly boolean[]
}

interface Found {
  readonly opened: CaseOpened
  readonly department: Hex
  /** Undefined where the use was answered before, or the case is decided. */
  readonly resolution: Resolution | undefined
}

function sourceOf(statement: object): Hex | undefined {
  const { issuer, submitter } = statement as { issuer?: Hex; submitter?: string }
  return issuer ?? (submitter === undefined ? undefined : departmentNamed(submitter))
}

/** What is signed for one case is used for no other. */
function requireOfCase(request: Asked['request'], { opened, department }: Found): void {
  const { context } = request
  if (userOf(request) !== department) throw new LedgerError('forbidden', 'USE_NOT_YOURS')
  if (context.case !== opened.case || context.matter !== opened.matter.code)
    throw new LedgerError('invalid', 'REUSE_OTHER_CASE', {
      case: opened.case,
      matter: opened.matter.code,
    })
}

/**
 * That it is what the resolution takes, and not an expired or older one, nor something nobody asked for. Who is refused
 * learns why this very one is not taken.
 */
function requireReady(
  material: string,
  request: Asked['request'],
  { materials }: Resolution,
): void {
  const { subject } = request
  const required = materials.filter((one) => one.material === material)
  if (required.length === 0) throw new LedgerError('invalid', 'REUSE_NOT_REQUIRED', { material })
  const taken = required.find(({ state }) => state === 'ready' || state === 'used')?.candidate?.id
  const wanted = required.find(
    ({ state, candidate }) => state === 'ready' && candidate?.id === subject.id,
  )
  if (wanted !== undefined) return requireQuestions(material, request, wanted)
  const reasons = required.flatMap((one) => reasonsOf(one, subject.id))
  if (taken === undefined || taken === subject.id)
    throw new LedgerError('conflict', 'REUSE_NOT_READY', { state: required[0]?.state, reasons })
  throw new LedgerError('conflict', 'REUSE_OTHER_CANDIDATE', { candidate: taken, reasons })
}

/** Of what the matter only asks about, nobody is shown anything; of what it wants to see, answers do not do. */
function requireQuestions(
  material: string,
  request: Asked['request'],
  { candidate }: ResolvedMaterial,
): void {
  const wanted = candidate?.use?.questions
  const asked = 'questions' in request ? request.questions : undefined
  if (wanted === undefined && asked === undefined) return
  if (canonicalize({ questions: wanted ?? [] }) !== canonicalize({ questions: asked ?? [] }))
    throw new LedgerError('invalid', 'REUSE_OTHER_QUESTIONS', { material, questions: wanted ?? [] })
}

/** What is asked for is looked at too, however old it is. */
function considered({ uses }: ReuseRequest): Considered[] {
  return uses.map(({ material, request: { subject } }) => {
    const { kind, id } = subject
    return { material, kind, id }
  })
}
