import type { CompleteSettings } from '../../config/settings.ts';
import { standardOutput } from '../../infrastructure/observability/standard-output.ts';
import { developmentToken } from '../../infrastructure/jose/development-token.ts';

const daySeconds = 24 * 60 * 60;

/** Prints the addresses, a token and a first request. Without a secret it prints no token: only the issuer can make one. */
export const printBanner = async (address: string, settings: CompleteSettings): Promise<void> => {
  const { tokens, publicUrl } = settings;
  // With a path in PUBLIC_URL the page works only where clients see it.
  const docs = `${publicUrl === undefined ? address : publicUrl.origin + publicUrl.path}/docs`;
  const { secret } = tokens;
  const token =
    secret === undefined ? 'TOKEN' : await developmentToken('demo', { ...tokens, secret }, daySeconds);
  const source =
    secret === undefined ? 'from your issuer' : 'for the development user "demo", valid for one day';
  standardOutput.write(`
Taskhold is ready, for development only (NODE_ENV is development).

  API    ${address}
  docs   ${docs}
  token  ${token}
         (${source})

Try it:

curl -s ${address}/api/tasks -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '{"title":"Buy milk"}'

Ctrl-C stops it; the tasks stay.
`);
};
