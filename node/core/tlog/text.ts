// C2SP signed-note: well-formed Unicode, and of the characters below U+0020 only the newline.
// Cc is U+0000 to U+001F and U+007F to U+009F.
const BARRED = /[^\P{Cc}\n\u007f-\u009f]/u

/** The text of a note: it ends in a newline. */
export function isNoteText(text: string): boolean {
  return text.endsWith('\n') && text.isWellFormed() && !BARRED.test(text)
}

/** A line of a note's text, without its newline; not an empty one. */
export function isLine(line: string): boolean {
  return line !== '' && !line.includes('\n') && isNoteText(`${line}\n`)
}

/** The name of a key: a line without Unicode spaces and plus signs. */
export function isKeyName(name: string): boolean {
  return isLine(name) && !/[+\p{White_Space}]/u.test(name)
}
