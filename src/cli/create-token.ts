import { ConfigError } from '../config/config-error.ts';
import { readSettings } from './read-settings.ts';
import type { Settings } from '../config/settings.ts';
import { developmentToken } from '../infrastructure/jose/development-token.ts';
import { runCommand } from './run-program.ts';
import { provideSecret } from '../bootstrap/development/provide-defaults.ts';
import { readTokenArguments, tokenUsage, type TokenRequest } from './token-arguments.ts';

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
  const settings = readSettings();
  const secret = await secretOf(settings);
  return developmentToken(user, { ...settings.tokens, secret }, lifetimeSeconds, claims);
};

const commandLine = { task: 'create a token', usage: tokenUsage, read: readTokenArguments };

/** `npm run token`: prints a token that a service with the same configuration and data folder accepts. */
await runCommand(commandLine, (_run, request) => createToken(request));
