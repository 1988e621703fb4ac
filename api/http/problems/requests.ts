import type { Sentences } from './sentences.ts'

/** The request, its body and its text. */
export const REQUESTS: Sentences = {
  // the request
  ROUTE_NOT_FOUND: 'There is nothing at this path; see /docs for those that exist.',
  METHOD_NOT_ALLOWED: 'This path does not take this method; use one named in Allow.',
  REQUEST_MALFORMED: 'This is not a well-formed HTTP/1.1 request; check the client.',
  REQUEST_TIMEOUT: 'The request did not arrive in time; send it again.',
  REQUEST_HEADERS_TOO_LARGE:
    'The headers are too large; send a long statement as multipart instead.',
  QUERY_MALFORMED: 'The query of this address is not one that the route takes; see `issues`.',
  WAIT_UNKNOWN: 'The only thing to wait for is `wait=anchored`.',
  INDEX_MALFORMED: 'An index is a plain decimal number from 0; correct the path.',
  SIZE_MALFORMED: 'A size is a plain decimal number from 1; correct the path.',
  TILE_PATH_MALFORMED: 'A tile has one path only, as C2SP tlog-tiles writes it; correct the path.',
  RANGE_UNSATISFIABLE:
    'The range lies beyond the content, whose length is in `size`; ask for less.',
  PROBLEM_UNKNOWN: 'There is no problem with this code; see /problems for all of them.',

  // the body and its transport
  BODY_EMPTY: 'The body is empty; send the document that this route takes.',
  BODY_TOO_LARGE: 'The body is longer than `maxBytes`; send less.',
  BATCH_TOO_LARGE:
    'The batch is longer than `maxBytes`; the lines answered so far are taken, send the rest apart.',
  STATEMENT_TOO_LARGE:
    'A submission has at most `maxBytes` bytes of JSON; put less into its fields.',
  EVIDENCE_TOO_LARGE: 'Evidence has at most `maxBytes` bytes; this file is something else.',
  UPLOAD_ABORTED: 'The upload ended before its announced end; nothing was kept, send it again.',
  MOMENT_MALFORMED: 'A moment is `2023-08-05` or RFC 3339 with its offset; correct it.',
  MEDIA_TYPE_UNSUPPORTED:
    'The body is of a media type that this route does not take; see `supported`.',
  MEDIA_TYPE_MALFORMED: 'Content-Type is not `type/subtype`; correct it.',
  CONTENT_ENCODING_UNSUPPORTED:
    'The ledger takes contents as they are; send them without Content-Encoding.',
  CONTENT_DIGEST_MALFORMED:
    'Content-Digest is not as RFC 9530 has it; send `sha-256=:<base64 of 32 bytes>:`.',
  CONTENT_DIGEST_ALGORITHM_UNSUPPORTED:
    'Content-Digest names no algorithm that is checked here; send sha-256.',
  CONTENT_DIGEST_REQUIRED:
    'Say what you send: give its sha-256 in Content-Digest or in the submission.',
  CONTENT_DIGEST_MISMATCH:
    'The bytes that arrived do not have the stated digest; check the file and send it again.',
  STATEMENT_HEADER_MALFORMED:
    'Once-Statement is not `:<base64>:` (RFC 9651); encode the JSON of the submission so.',
  MULTIPART_MALFORMED:
    'The form is not multipart/form-data with a whole last boundary; check the client.',
  MULTIPART_PART_MISSING: 'The form ends before the part named in `expected`; send it too.',
  MULTIPART_PART_UNEXPECTED:
    'The form has another part than expected; send the two that the route names, in their order.',
  IDEMPOTENCY_KEY_MALFORMED:
    'Idempotency-Key has 1 to 255 visible ASCII characters; choose another.',
  IDEMPOTENCY_KEY_REUSED:
    'This Idempotency-Key was used for another request; use a new one for each request.',

  // JSON and text
  JSON_MALFORMED: 'This is not JSON in UTF-8; correct it at `pointer`.',
  JSON_DUPLICATE_KEY: 'A member stands twice in the object at `pointer`; keep one.',
  JSON_NUMBER_NOT_INTEGER:
    'The number at `pointer` is not a plain integer; write fractions as strings.',
  JSON_LONE_SURROGATE: 'The text at `pointer` holds half a character; repair it where it was made.',
  JSON_NAME_FORBIDDEN: 'The member at `pointer` has a name that is not allowed; rename it.',
  JSON_TOO_DEEP: 'The document is nested too deeply at `pointer`; flatten it.',
  JSON_TOO_LONG: 'The document is longer than `maxBytes`; shorten it.',
  HEX_MALFORMED: 'This is not lower-case hex of the right length; correct it.',
  BASE64_MALFORMED: 'This is not padded base64 of the right length; correct it.',
  UTF8_MALFORMED: 'These bytes are not UTF-8; encode the text again.',
}
