import { ConfigError } from '../../config/config-error.ts';
import { readRegularFile, UnreadableFileError } from '../../infrastructure/system/read-regular-file.ts';

/** Shorter secrets are refused for HS256 (RFC 7518, section 3.2). */
const minBytes = 32;

/** Reads the file of the development secret. Throws {@link ConfigError}, which names the file, if it is not whole. */
export const readSecret = (file: string): string => {
  const refuse = (reason: string): never => {
    throw new ConfigError([
      `${file} ${reason}. Delete it, and the next start creates a new secret; tokens of the old one become invalid`,
    ]);
  };
  const bytes = readBytes(file);
  const secret = bytes.toString('latin1').trim();
  if (secret === '') refuse('is empty');
  if (!/^[\x20-\x7e]*$/.test(secret)) refuse('is not a text of ASCII characters');
  if (secret.length < minBytes) refuse(`has fewer than ${minBytes} bytes`);
  return secret;
};

const readBytes = (file: string): Buffer => {
  try {
    return readRegularFile(file);
  } catch (error) {
    throw error instanceof UnreadableFileError ? new ConfigError([`${file} ${error.message}`]) : error;
  }
};
