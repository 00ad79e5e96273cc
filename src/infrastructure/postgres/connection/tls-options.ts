import type { ConnectionOptions } from 'node:tls';
import { readRegularFile, UnreadableFileError } from '../../system/read-regular-file.ts';
import type { Given } from './parameters.ts';

/** How a connection is encrypted; null: not. */
export type Tls = ConnectionOptions | null;

type GivenParameters = ReadonlyMap<string, Given>;

/**
 * The ways to connect, in the order in which they are tried. Where TLS is demanded, the certificate is always checked,
 * which is stricter than `prefer`, `require` and `verify-ca` of libpq. Without any sslmode TLS is used where the server
 * offers it, unchecked: the default of libpq. Reads the certificate files.
 */
export const readTls = (given: GivenParameters, addProblem: (problem: string) => void): readonly Tls[] => {
  const mode = modeOf(given);
  const isDirect = given.get('sslnegotiation')?.value === 'direct';
  if (isDirect && !['require', 'verify-full', 'verify-ca', 'no-verify'].includes(mode)) {
    addProblem(`${given.get('sslnegotiation')?.source ?? ''} direct needs sslmode=verify-full`);
  }
  if (mode === 'disable') return [null];
  const options = { ...filesOf(given, addProblem), ...versionsOf(given) };
  const unchecked = { ...options, rejectUnauthorized: false };
  if (mode === 'no-verify') return [unchecked];
  if (mode === 'allow') return [null, unchecked];
  if (mode === 'default') return [unchecked, null];
  return [{ ...options, rejectUnauthorized: true }];
};

/** A certificate to check against, or a demand for TLS elsewhere, counts as `verify-full`. */
const modeOf = (given: GivenParameters): string => {
  const ssl = given.get('ssl')?.value;
  if (ssl !== undefined) return { true: 'verify-full', 1: 'verify-full', 'no-verify': ssl }[ssl] ?? 'disable';
  const mode = given.get('sslmode')?.value;
  if (mode !== undefined) return mode;
  const isDemanded = given.has('sslrootcert') || given.get('sslnegotiation')?.value === 'direct';
  return isDemanded ? 'verify-full' : 'default';
};

/** The options of Node for libpq's files. `sslrootcert=system` stands for the certificates that Node trusts. */
const files = { sslrootcert: 'ca', sslcert: 'cert', sslkey: 'key', sslcrl: 'crl' } as const;

const filesOf = (given: GivenParameters, addProblem: (problem: string) => void): ConnectionOptions => {
  const options: Record<string, string> = {};
  for (const [name, option] of Object.entries(files)) {
    const { value, source } = given.get(name) ?? {};
    if (value === undefined || source === undefined) continue;
    if (name === 'sslrootcert' && value === 'system') continue;
    try {
      options[option] = readRegularFile(value).toString('utf8');
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) throw error;
      addProblem(`${source} names a file that ${error.message}`);
    }
  }
  if (given.has('sslcert') !== given.has('sslkey'))
    addProblem('DATABASE_URL needs sslcert and sslkey together');
  const passphrase = given.get('sslpassword')?.value;
  return passphrase === undefined ? options : { ...options, passphrase };
};

const versionsOf = (given: GivenParameters): ConnectionOptions => {
  const minVersion = versions.find((name) => name === given.get('ssl_min_protocol_version')?.value);
  const maxVersion = versions.find((name) => name === given.get('ssl_max_protocol_version')?.value);
  return { ...(minVersion && { minVersion }), ...(maxVersion && { maxVersion }) };
};

const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
