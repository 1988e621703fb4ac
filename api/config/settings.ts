import { z } from 'zod'
import { Credential } from '../http/auth.ts'
import { ChainList } from './chains.ts'
import * as value from './values.ts'

export interface Setting<T> {
  readonly schema: z.ZodType<T, string>
  /** As it would stand in the environment. */
  readonly byDefault?: string
  /** What holds without it, where no value says that. */
  readonly without?: string
  readonly meaning: string
  readonly isSecret?: true
}

const setting = <T, const R extends Omit<Setting<T>, 'schema'>>(
  schema: z.ZodType<T, string>,
  rest: R,
) => ({ schema, ...rest })

/** Every variable that the server reads. */
export const SETTINGS = {
  ONCE_PORT: setting(value.wholeNumber(0, 65_535), {
    byDefault: '8080',
    meaning: 'TCP port; 0 takes any free one',
  }),
  ONCE_HOST: setting(value.text, {
    byDefault: '127.0.0.1',
    meaning: 'Address to listen on; 0.0.0.0 for all',
  }),
  ONCE_DATA: setting(value.text, {
    byDefault: './data',
    meaning: 'Folder of everything that is kept',
  }),
  ONCE_LOG_ORIGIN: setting(value.logOrigin, {
    without: 'a random name, made on the first start',
    meaning: 'Name of the log in every checkpoint; stays for its life',
  }),
  ONCE_MASTER_KEY: setting(value.masterKey, {
    without: 'made on the first start, in master.key of the data folder',
    meaning: 'Key of 32 bytes, in hex or base64, that wraps all other keys',
    isSecret: true,
  }),
  ONCE_DIGESTS: setting(value.digestList, {
    byDefault: 'sha-256,sm3',
    meaning: 'Digests that are computed of every content',
  }),
  ONCE_TOKENS: setting(value.json(z.array(Credential).min(1)), {
    without: 'one token with all roles, made on the first start, in tokens.json of the data folder',
    meaning:
      'Who may use the API: JSON `[{"name":"permits","roles":["submitter"],"token":"…"}]`; `sha256` of the token may stand in its place',
    isSecret: true,
  }),
  ONCE_CHAIN_RPC_URL: setting(value.httpUrl, {
    without: 'a local chain, kept in the data folder',
    meaning: 'JSON-RPC of the chain to anchor to',
    isSecret: true,
  }),
  ONCE_CHAIN_KEY: setting(value.privateKey, {
    meaning: 'Private key of the account that anchors and pays, with ONCE_CHAIN_RPC_URL',
    isSecret: true,
  }),
  ONCE_CHAINS: setting(value.json(ChainList), {
    meaning:
      'Several chains, in place of the two above: JSON `[{"name":"city","rpcUrl":"https://…","key":"0x…"}]`; `[]` anchors nowhere',
    isSecret: true,
  }),
  ONCE_AUTHORITY: setting(value.address, {
    without: 'made on the first start for the local chain, in authority.json of the data folder',
    meaning:
      'Account that accredits the first departments; the registries of parties, certificates and grants follow from it. They are on the first chain',
  }),
  ONCE_RELAYER_KEY: setting(value.privateKey, {
    without: 'parties send their acts to the chain themselves, except to the local one',
    meaning:
      'Private key of the account that pays for acts which parties sign; another than the one that anchors',
    isSecret: true,
  }),
  ONCE_REGISTRIES_FROM: setting(value.wholeNumber(0, Number.MAX_SAFE_INTEGER), {
    byDefault: '0',
    meaning: 'Block that the registries were deployed in, or any before it: reading starts there',
  }),
  ONCE_ANCHOR_INTERVAL: setting(value.duration, {
    without: '2s on the local chain, 1m on others',
    meaning: 'Time from one anchor to the next',
  }),
  ONCE_ANCHOR_SIZE: setting(value.wholeNumber(1, 1e9), {
    byDefault: '100000',
    meaning: 'So many new entries do not wait for the interval',
  }),
  ONCE_CONFIRMATIONS: setting(value.wholeNumber(1, 10_000), {
    without: '1 on the local chain, 3 on others',
    meaning: 'Blocks after which an anchor counts, its own included',
  }),
  ONCE_MAX_CONTENT: setting(value.byteCount, {
    byDefault: '1GiB',
    meaning: 'Bytes of one content at most',
  }),
  ONCE_MAX_BATCH: setting(value.byteCount, {
    byDefault: '1GiB',
    meaning: 'Bytes of one batch at most',
  }),
  ONCE_QUEUE: setting(value.wholeNumber(1, 1_000_000), {
    byDefault: '20000',
    meaning: 'Submissions that may wait for the disk; more are turned away',
  }),
  ONCE_RATE: setting(value.wholeNumber(0, 1e9), {
    byDefault: '20000',
    meaning: 'Requests a second of one principal; 0 for no limit',
  }),
  ONCE_PUBLIC_RATE: setting(value.wholeNumber(0, 1e9), {
    byDefault: '2000',
    meaning: 'Requests a second of one address without a token; 0 for no limit',
  }),
  ONCE_CONCURRENCY: setting(value.wholeNumber(1, 1_000_000), {
    byDefault: '1024',
    meaning: 'Requests of one principal under way at once',
  }),
  ONCE_PUBLIC_CONCURRENCY: setting(value.wholeNumber(1, 1_000_000), {
    byDefault: '64',
    meaning: 'Requests of one address without a token under way at once',
  }),
  ONCE_PUBLIC_URL: setting(value.originList, {
    without: 'sign-in only from this machine',
    meaning:
      'Where callers reach this node, `https://ledger.example.gov`; several with commas between. Accounts sign in to these names alone',
  }),
  ONCE_SESSION: setting(value.lifetime, {
    byDefault: '15m',
    meaning: 'Time from a sign-in to the end of its session',
  }),
  ONCE_SESSION_IDLE: setting(value.lifetime, {
    byDefault: '5m',
    meaning: 'Time without a request that ends a session earlier',
  }),
  ONCE_BEHIND_PROXY: setting(value.yesOrNo, {
    byDefault: 'false',
    meaning: 'Believe X-Forwarded-For; only behind a proxy that sets it',
  }),
  ONCE_WAIT: setting(value.duration, {
    byDefault: '60s',
    meaning: 'How long ?wait=anchored waits, unless the request says',
  }),
  ONCE_READY_LAG: setting(value.duration, {
    byDefault: '10m',
    meaning: 'An entry that waits longer for its anchor makes /readyz say no',
  }),
  ONCE_LOG_LEVEL: setting(
    value.oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    { byDefault: 'info', meaning: 'What is logged to stderr' },
  ),
} as const

/** Read by the command line and the scripts, and no mistake here. */
export const OTHERS = [
  'ONCE_URL',
  'ONCE_TOKEN',
  'ONCE_TRUST',
  'ONCE_KEYS',
  'ONCE_KEY',
  'ONCE_PASSPHRASE',
] as const
