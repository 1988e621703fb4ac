import { RE2JS } from 're2js'
import { LedgerError } from '../errors.ts'

/**
 * Patterns come from departments: RE2 (https://github.com/google/re2/wiki/Syntax) takes time linear in the text,
 * whatever they are. One of JavaScript's own could hold up a node for hours.
 */
const compiled = new Map<string, RE2JS>()

/** Patterns that are kept compiled. */
const KEPT = 1000

/** @throws LedgerError invalid/CATALOGUE_PATTERN_MALFORMED {pattern} */
export function compilePattern(pattern: string): RE2JS {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  try {
    const made = RE2JS.compile(pattern)
    if (compiled.size >= KEPT) compiled.clear()
    compiled.set(pattern, made)
    return made
  } catch (cause) {
    throw new LedgerError('invalid', 'CATALOGUE_PATTERN_MALFORMED', { pattern }, { cause })
  }
}

/** Whether the pattern is found anywhere in the text. */
export function matchesPattern(pattern: string, text: string): boolean {
  return compilePattern(pattern).matcher(text).find()
}
