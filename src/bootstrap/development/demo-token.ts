import type { CompleteSettings } from '../../config/settings.ts';
import { developmentToken } from '../../infrastructure/jose/development-token.ts';
import type { DemoToken } from '../../interfaces/http/docs/docs-page.ts';

const hourSeconds = 60 * 60;

/** Creates the tokens of the documentation page, valid for an hour. Null where the page must not have one. */
export const createDemoToken = ({ authorizesDocs, tokens }: CompleteSettings): DemoToken => {
  const { secret } = tokens;
  if (!authorizesDocs || secret === undefined) return null;
  return () => developmentToken('demo', { ...tokens, secret }, hourSeconds);
};
