import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { readRegularFile, UnreadableFileError } from '../../system/read-regular-file.ts';
import type { GivenParameters } from './parameters.ts';

interface PemFile {
  /** The option of Node that has the content. */
  readonly option: 'ca' | 'cert' | 'key' | 'crl';
  /** Throws if the content cannot be used. */
  readonly check: (content: string, passphrase: string | undefined) => void;
  /** Completes the sentence "sslcert …". */
  readonly rule: string;
}

/** Also the forms of OpenSSL: `X509 CERTIFICATE` and `TRUSTED CERTIFICATE`. */
const certificateStart = /(?=-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----)/;

/** Node skips what it cannot read, and takes an empty file for no file: the certificates that it trusts by default. */
const checkCertificates = (content: string): void => {
  const certificates = content.split(certificateStart).filter((text) => certificateStart.test(text));
  if (certificates.length === 0) throw new Error('No certificate');
  for (const certificate of certificates) new X509Certificate(certificate);
};

const needsCertificates = 'must name a file with certificates in PEM, each complete';

const files: Readonly<Record<string, PemFile>> = {
  sslrootcert: { option: 'ca', check: checkCertificates, rule: needsCertificates },
  sslcert: { option: 'cert', check: checkCertificates, rule: needsCertificates },
  sslkey: {
    option: 'key',
    check: (key, passphrase) => void privateKey(key, passphrase),
    rule: 'must name a file with a private key in PEM; an encrypted one needs its sslpassword',
  },
  sslcrl: {
    option: 'crl',
    check: (crl) => void createSecureContext({ crl }),
    rule: 'must name a file with a revocation list (CRL) in PEM',
  },
};

const privateKey = (key: string, passphrase: string | undefined) =>
  createPrivateKey({ key, ...(passphrase !== undefined && { passphrase }) });

/**
 * The options of Node for the files of libpq. What Node cannot use is a problem of that parameter: no file is left out in
 * silence. `sslrootcert=system` stands for the certificates that Node trusts.
 */
export const readTlsFiles = (
  given: GivenParameters,
  addProblem: (problem: string) => void,
): SecureContextOptions => {
  const passphrase = given.get('sslpassword')?.value;
  const options: SecureContextOptions = passphrase === undefined ? {} : { passphrase };
  let isUsable = true;
  for (const [name, { option, check, rule }] of Object.entries(files)) {
    const { value, source } = given.get(name) ?? {};
    if (value === undefined || source === undefined) continue;
    if (name === 'sslrootcert' && value === 'system') continue;
    try {
      const content = readRegularFile(value).toString('utf8');
      check(content, passphrase);
      options[option] = content;
    } catch (error) {
      isUsable = false;
      addProblem(
        error instanceof UnreadableFileError
          ? `${source} names a file that ${error.message}`
          : `${source} ${rule}`,
      );
    }
  }
  if (given.has('sslcert') !== given.has('sslkey'))
    addProblem('DATABASE_URL needs sslcert and sslkey together');
  else if (isUsable) checkTogether(options, given.get('sslkey')?.source, addProblem);
  return options;
};

/** What the files are only together, such as a certificate that OpenSSL finds too weak. */
const checkTogether = (
  options: SecureContextOptions,
  source: string | undefined,
  addProblem: (problem: string) => void,
): void => {
  const { cert, key, passphrase } = options;
  // OpenSSL compares a key only with a certificate of the same type.
  const isKeyOther =
    typeof cert === 'string' &&
    typeof key === 'string' &&
    !new X509Certificate(cert).checkPrivateKey(privateKey(key, passphrase));
  if (isKeyOther) {
    addProblem(`${source ?? ''} must name the private key of the certificate of sslcert`);
    return;
  }
  try {
    createSecureContext(options);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    addProblem(`DATABASE_URL names TLS files that OpenSSL refuses: ${reason}`);
  }
};
