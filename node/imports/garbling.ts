import iconv from 'iconv-lite'

/** Runs of characters that are looked at for garbling: a text that was garbled was so all through. */
const MOST_RUNS = 5_000
const RUN = /[^\p{ASCII}]+/gu
/** What replaces what could not be read, and the same read as GB 18030. */
const REPLACED = /\uFFFD|锟斤拷|\p{Co}/u
const HAN = /\p{Script=Han}/gu
/** Two characters may look like it by chance, three do not. */
const ENOUGH = 3

/** Looks for what was read in a wrong encoding, and written so, before. */
export class Garbling {
  readonly #suspicions = MISTAKES.map((mistake) => new Suspicion(mistake))
  #runs = 0
  /** Where it shows by itself. */
  #line: number | undefined

  /** @param number of the line, or of the line that this is a part of; never less than before */
  inspect(line: string, number: number): void {
    if (this.#line !== undefined) return
    if (REPLACED.test(line)) this.#line = number
    if (this.#runs >= MOST_RUNS) return
    for (const run of line.match(RUN) ?? []) {
      this.#runs++
      for (const suspicion of this.#suspicions)
        if (suspicion.confirms(run, number)) this.#line ??= number
    }
  }

  /** The first line in which it shows; in a text of short words, only by all of them together. */
  get line(): number | undefined {
    return this.#line ?? this.#suspicions.find(({ isConfirmed }) => isConfirmed)?.line
  }
}

/** A way in which a text is read wrong. */
interface Mistake {
  readonly written: 'utf-8' | 'gb18030'
  /** What it was before it was taken for another encoding. */
  readonly bytesOf: (run: string) => Uint8Array
  /** Whether such bytes are what people write. */
  readonly isCommon: (bytes: Uint8Array) => boolean
  /** Whether no good text has such characters beside each other. */
  readonly isOdd: (run: string) => boolean
}

const always = () => true

const MISTAKES: readonly Mistake[] = [
  {
    written: 'utf-8',
    bytesOf: (run) => iconv.encode(run, 'gb18030'),
    isCommon: always,
    isOdd: always,
  },
  {
    written: 'utf-8',
    bytesOf: encodeLatin,
    isCommon: always,
    // As a quotation in French ends, which is valid UTF-8 by chance.
    isOdd: (run) => !/[»”’…]$/u.test(run),
  },
  {
    written: 'gb18030',
    bytesOf: encodeLatin,
    isCommon: isMostlyOfLevel1,
    // Any two letters with accents are one of GB 18030, as in Sää or créée; between letters no sign stands in good
    // texts. After one a small figure may, as of a note; and in units whatever comes after that.
    isOdd: (run) => /[\p{S}§¶¼½¾]|[¹²³]\p{L}|\p{L}[¿¡«]|»\p{L}/u.test(run),
  },
]

/** That one mistake was made, by what speaks for and against it. */
class Suspicion {
  /** Of the first run that speaks for it. */
  line: number | undefined
  readonly #mistake: Mistake
  #han = 0
  /** Characters that make no sense once it is undone. */
  #against = 0
  /** Runs that speak for it. */
  #runs = 0
  /** Of these. */
  #odd = 0

  constructor(mistake: Mistake) {
    this.#mistake = mistake
  }

  /** Whether the run makes sense once the mistake is undone, and so made none as it stands. */
  confirms(run: string, line: number): boolean {
    const { bytesOf, isCommon, isOdd } = this.#mistake
    const bytes = bytesOf(run)
    const han = isCommon(bytes) ? this.#hanIn(bytes, run) : 0
    if (han === 0) {
      this.#against += run.length
      return false
    }
    this.line ??= line
    this.#han += han
    this.#runs++
    if (isOdd(run)) this.#odd++
    return han >= ENOUGH
  }

  /**
   * Cells of a table are often too short to tell by one of them; of those that are garbled about every second one is
   * odd.
   */
  get isConfirmed(): boolean {
    return this.#han >= ENOUGH && this.#han > 2 * this.#against && 8 * this.#odd >= this.#runs
  }

  /** How many characters the run was before, where that is Chinese. */
  #hanIn(bytes: Uint8Array, run: string): number {
    // Of what cannot have come from there, question marks are left.
    if (bytes.includes(0x3f)) return 0
    const undone = new TextDecoder(this.#mistake.written).decode(bytes)
    const han = countHan(undone)
    // It was always shorter.
    return han > 2 * countBroken(undone) && undone.length < run.length ? han : 0
  }
}

/** As Windows-1252, and where that has nothing, as Latin-1: software differs in what it makes of such bytes. */
function encodeLatin(run: string): Uint8Array {
  return Buffer.concat(
    Array.from(run, (character) => {
      const code = character.charCodeAt(0)
      return code <= 0xff ? Buffer.of(code) : iconv.encode(character, 'win1252')
    }),
  )
}

/** GB/T 2312 has what is in common use first, from B0 to D7; small letters with accents come after that. */
function isMostlyOfLevel1(bytes: Uint8Array): boolean {
  const leads = bytes.filter((_, i) => i % 2 === 0)
  return 2 * leads.filter((lead) => lead >= 0xb0 && lead <= 0xd7).length > leads.length
}

export function countHan(text: string): number {
  return text.match(HAN)?.length ?? 0
}

export function countBroken(text: string): number {
  return text.match(/\uFFFD/g)?.length ?? 0
}
