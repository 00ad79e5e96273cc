import { ConfigError, loadConfig, type Config } from '../config/config.ts';
import { readEnvironment } from '../config/environment.ts';
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
const secretOf = async (config: Config): Promise<string> => {
  if (config.NODE_ENV === 'production')
    return refuse('NODE_ENV is production: only the issuer can create tokens');
  return (
    (await provideSecret(config)) ??
    refuse('BETTER_AUTH_SECRET is required: with JWKS_URL alone, only the issuer can create tokens')
  );
};

const createToken = async ({ user, seconds, claims }: TokenRequest): Promise<string> => {
  const config = loadConfig(readEnvironment());
  const rules = {
    secret: await secretOf(config),
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    userIdClaims: config.JWT_USER_ID_CLAIMS,
  };
  return developmentToken(user, rules, seconds, claims);
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
