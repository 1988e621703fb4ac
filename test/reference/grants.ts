// The rules of passing on, one after the other as they are written, over plain values: something for fast code to be
// checked against.

/** The fields of a grant that narrowing looks at. Masks as sets of bit numbers. */
export interface PlainGrant {
  grantor: string
  grantee: string
  holder: string
  scope: string
  items: ReadonlySet<number>
  purposes: ReadonlySet<number>
  notBefore: number
  notAfter: number
  depth: number
  /** 0 for any number. */
  uses: number
}

export type GrantRefusal =
  | 'GRANT_EMPTY'
  | 'GRANT_WINDOW_EMPTY'
  | 'GRANT_GRANTOR_MISMATCH'
  | 'GRANT_HOLDER_MISMATCH'
  | 'GRANT_SCOPE_MISMATCH'
  | 'GRANT_ITEMS_WIDENED'
  | 'GRANT_PURPOSES_WIDENED'
  | 'GRANT_WINDOW_WIDENED'
  | 'GRANT_DEPTH_WIDENED'
  | 'GRANT_USES_WIDENED'

/** Why `grant` may not stand below `above`; undefined if it may. */
export function refuseBelow(above: PlainGrant, grant: PlainGrant): GrantRefusal | undefined {
  const broken: [boolean, GrantRefusal][] = [
    [grant.items.size === 0 || grant.purposes.size === 0, 'GRANT_EMPTY'],
    [grant.notBefore > grant.notAfter, 'GRANT_WINDOW_EMPTY'],
    [grant.grantor !== above.grantee, 'GRANT_GRANTOR_MISMATCH'],
    [grant.holder !== above.holder, 'GRANT_HOLDER_MISMATCH'],
    [grant.scope !== above.scope, 'GRANT_SCOPE_MISMATCH'],
    [!grant.items.isSubsetOf(above.items), 'GRANT_ITEMS_WIDENED'],
    [!grant.purposes.isSubsetOf(above.purposes), 'GRANT_PURPOSES_WIDENED'],
    [grant.notBefore < above.notBefore || grant.notAfter > above.notAfter, 'GRANT_WINDOW_WIDENED'],
    [grant.depth > above.depth - 1, 'GRANT_DEPTH_WIDENED'],
    [usesOf(grant) > usesOf(above), 'GRANT_USES_WIDENED'],
  ]
  return broken.find(([isBroken]) => isBroken)?.[1]
}

function usesOf({ uses }: PlainGrant): number {
  return uses === 0 ? Infinity : uses
}
