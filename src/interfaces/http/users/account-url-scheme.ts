import type { UrlScheme } from '../routing/url-scheme.ts';

/** `/api/me`: the user of the token. */
export const accountUrlScheme: UrlScheme = {
  template: '/api/me',
  namesUser: false,
  tag: { name: 'Account', description: "The token's user." },
  path: () => '/api/me',
  authorize: () => undefined,
};
