import { expect } from 'chai';
import type { Section } from '../token-verifier.ts';

export const scopeTests: Section = (trial) => {
  const everything = { read: true, write: true };
  const readOnly = { read: true, write: false };
  const writeOnly = { read: false, write: true };
  const nothing = { read: false, write: false };

  const permissions: readonly (readonly [what: string, scope: unknown, allowed: object])[] = [
    ['no scope', undefined, everything],
    ['null', null, everything],
    ['an empty text', '', everything],
    ['an empty array', [], everything],
    ['scopes of other services', 'openid email https://example.org/tasks:read', everything],
    ['a scope that only resembles one', 'tasks task:read my-tasks:read TASKS:read', everything],
    ['tasks:read', 'tasks:read', readOnly],
    ['tasks:write', 'tasks:write', writeOnly],
    ['both, among others', 'openid tasks:write email tasks:read', everything],
    ['both, in an array', ['tasks:read', 'tasks:write'], everything],
    ['tasks:read among others, in an array', ['openid', 'tasks:read'], readOnly],
    ['an array with several words in a string', ['openid tasks:read'], readOnly],
    ['several spaces, tabs and newlines', '  openid \t tasks:read\n', readOnly],
    ['words separated by commas', 'openid,tasks:read', readOnly],
    ['an unknown scope of this service', 'tasks:admin', nothing],
    ['the prefix alone', 'tasks:', nothing],
    ['tasks:read in another letter case', 'tasks:Read', nothing],
    ['a longer word', 'tasks:readwrite', nothing],
    ['an unknown one besides tasks:read', 'tasks:admin tasks:read', readOnly],
  ];
  for (const [what, scope, allowed] of permissions)
    it(`given ${what} as scope: the token allows ${JSON.stringify(allowed)}`, async () => {
      const verdict = await trial().judgeClaims({ scope });
      expect(verdict.outcome === 'verified' && verdict.permissions).to.deep.equal(allowed);
    });

  for (const scope of [1, 0, true, false, {}, { tasks: 'read' }, [1], ['tasks:read', null], [['tasks:read']]])
    it(`given ${JSON.stringify(scope)} as scope: refused`, async () => {
      const verdict = await trial().judgeClaims({ scope });
      expect(verdict).to.deep.equal({
        outcome: 'refused',
        reason: 'scope is neither a string nor an array of strings',
      });
    });
};
