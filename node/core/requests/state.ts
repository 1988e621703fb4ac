import * as z from 'zod'

/** How far a request for a grant came: answered by its holder, or by nobody in time or before its case was decided. */
export const RequestState = z.enum(['pending', 'approved', 'declined', 'expired', 'ended'])
export type RequestState = z.infer<typeof RequestState>
