import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { clientViolations } from '../support/architecture/client-imports.ts';

const root = fileURLToPath(new URL('../../client/src', import.meta.url));

describe('the sources of the client', () => {
  let sources: ReadonlyMap<string, string>;
  before(async () => {
    const paths = globSync('**/*.ts', { cwd: root });
    sources = new Map(
      await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const)),
    );
  });

  it('given all sources: no violation', () => {
    expect(sources.size).to.be.above(10);
    expect(clientViolations(sources)).to.deep.equal([]);
  });

  for (const [what, text] of [
    ['an import of the service', "import { parseTitle } from '../../src/domain/task.ts';"],
    ['an import of a type of the service', "import type { Task } from '../../../src/domain/task.ts';"],
    ['a package', "import { z } from 'zod';"],
    ['a module of Node', "import { setTimeout } from 'node:timers/promises';"],
    ['a re-export', "export { createClient } from './create-client.ts';"],
    ['a cycle', "import { leak } from './leak.ts';"],
    ['more than 200 lines', 'export const leak = 1;\n'.repeat(201)],
  ] as const) {
    it(`given ${what}: a violation`, () => {
      expect(clientViolations(new Map([...sources, ['leak.ts', text]])).join()).to.include('leak.ts');
    });
  }
});
