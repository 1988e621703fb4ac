/** Places on a list, from 0; `all`: whatever there is. */
export type Places = readonly number[] | 'all'
