import { ConfigError, loadConfig, type Config } from '../config/config.ts';
import { developmentToken } from '../infrastructure/jose/development-token.ts';
import { readEnvironment, runProgram } from './run-program.ts';
import { provideSecret } from '../bootstrap/development/provide-defaults.ts';
import { readTokenArguments, tokenUsage, type TokenRequest } from './token-arguments.ts';

/** sysexits.h: the command was used wrongly. */
const usageExitCode = 64;

const refuse = (reason: string): never => {
  throw new ConfigError([reason]);
};

/** The secret that the service would check the token with. */
const secretOf = async (config: Config): Promise<string> => {
  if (config.NODE_ENV === 'production')
    return refuse('NODE_ENV is production, where tokens come from the issuer alone');
  return (
    (await provideSecret(config)) ??
    refuse('BETTER_AUTH_SECRET is needed: with a JWKS_URL alone, tokens come from the issuer')
  );
};

const printToken = async ({ user, seconds, claims }: TokenRequest): Promise<void> => {
  const config = loadConfig(readEnvironment());
  const rules = {
    secret: await secretOf(config),
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    userIdClaims: config.JWT_USER_ID_CLAIMS,
  };
  process.stdout.write(`${await developmentToken(user, rules, seconds, claims)}\n`);
};

const request = (): TokenRequest | null => {
  try {
    return readTokenArguments(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${tokenUsage}\n`);
    process.exitCode = usageExitCode;
    return null;
  }
};

/** `npm run token`: prints a token that the service of this folder takes. */
const wanted = request();
if (wanted !== null) await runProgram('make a token', () => printToken(wanted));
