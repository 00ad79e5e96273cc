import { ConfigError } from '../config/config-error.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { developmentToken } from '../infrastructure/jose/development-token.ts';
import { standardError } from '../infrastructure/observability/standard-output.ts';
import { runCommand } from './run-program.ts';
import { provideSecret } from '../bootstrap/development/provide-defaults.ts';
import { readTokenArguments, tokenUsage, type TokenRequest } from './token-arguments.ts';

/** EX_USAGE of sysexits.h. */
const usageExitCode = 64;

const refuse = (reason: string): never => {
  throw new ConfigError([reason]);
};

/** The secret that the service verifies tokens with. */
const secretOf = async (settings: Settings): Promise<string> => {
  if (!settings.tokens.canBeCreated)
    return refuse('NODE_ENV is production: only the issuer can create tokens');
  return (
    (await provideSecret(settings)) ??
    refuse('BETTER_AUTH_SECRET is required: with JWKS_URL alone, only the issuer can create tokens')
  );
};

const createToken = async ({ user, lifetimeSeconds, claims }: TokenRequest): Promise<string> => {
  const settings = loadSettings(readEnvironment());
  const secret = await secretOf(settings);
  return developmentToken(user, { ...settings.tokens, secret }, lifetimeSeconds, claims);
};

const readRequest = (): TokenRequest | null => {
  try {
    return readTokenArguments(process.argv.slice(2));
  } catch (error) {
    standardError.write(`${error instanceof Error ? error.message : String(error)}\n\n${tokenUsage}\n`);
    process.exitCode = usageExitCode;
    return null;
  }
};

/** `npm run token`: prints a token that a service with the same configuration and data folder accepts. */
const tokenRequest = readRequest();
if (tokenRequest !== null) await runCommand('create a token', () => createToken(tokenRequest));
