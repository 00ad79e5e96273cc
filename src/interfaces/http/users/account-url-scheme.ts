import type { UrlScheme } from '../routing/url-scheme.ts';

/** What there is about the token's user. */
export const accountUrlScheme: UrlScheme = {
  template: '/api/me',
  namesUser: false,
  tag: { name: 'Account', description: "The token's user." },
  path: () => '/api/me',
  authorize: () => undefined,
};
