import type { User } from '../../../domain/user.ts';

/** A set of URLs under which the endpoints of a resource are mounted. */
export interface UrlScheme {
  /** The shortest of its paths as a template (RFC 6570, level 1). */
  readonly template: string;
  /** True where the path names the user, which then must be the user of the token. */
  readonly namesUser: boolean;
  /** Its section in the OpenAPI document. */
  readonly tag: { readonly name: string; readonly description: string };
  /** The shortest of its paths for this user. */
  path(user: User): string;
  /** Throws `not_owner` if the path names another user than the token, `not_found` if the path is reserved. */
  authorize(user: User, params: Readonly<Record<string, string>>): void;
}
