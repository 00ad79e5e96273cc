import { DEFAULT_MIN_VERSION, type ConnectionOptions } from 'node:tls';
import type { GivenParameters } from './parameters.ts';
import { readTlsFiles } from './tls-files.ts';

/** How a connection is encrypted; null: not. */
export type Tls = ConnectionOptions | null;

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
  const options = { ...readTlsFiles(given, addProblem), ...versionsOf(given, addProblem) };
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

const versionsOf = (given: GivenParameters, addProblem: (problem: string) => void): ConnectionOptions => {
  const minVersion = versions.find((name) => name === given.get('ssl_min_protocol_version')?.value);
  const maxVersion = versions.find((name) => name === given.get('ssl_max_protocol_version')?.value);
  if (maxVersion && versions.indexOf(maxVersion) < versions.indexOf(minVersion ?? DEFAULT_MIN_VERSION))
    addProblem(
      `${given.get('ssl_max_protocol_version')?.source ?? ''} must not be below ssl_min_protocol_version (${DEFAULT_MIN_VERSION} if unset)`,
    );
  return { ...(minVersion && { minVersion }), ...(maxVersion && { maxVersion }) };
};

const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
