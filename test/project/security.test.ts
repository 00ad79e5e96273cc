import { expect } from 'chai';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

const written = ['SECURITY.md', 'ARCHITECTURE.md', 'README.md', 'docs/*.md'];
const named = /`((?:src|test|docs|bench|scripts|deploy|examples)\/[^`\s]*)`/g;

/** The files and folders that a text names in backticks, patterns included. */
const pathsIn = (text: string): string[] => [...text.matchAll(named)].map(([, path = '']) => path);

const missingOf = (paths: readonly string[]): string[] => paths.filter((path) => globSync(path).length === 0);

describe('what is written about the project', () => {
  it('names no file, folder or pattern that does not exist', async () => {
    const documents = globSync(written);
    expect(documents).to.include.members(['SECURITY.md', 'ARCHITECTURE.md', 'README.md']);
    for (const document of documents) {
      const missing = missingOf(pathsIn(await readFile(document, 'utf8')));
      expect(missing, document).to.deep.equal([]);
    }
  });

  it('would not pass where it did', () => {
    const text =
      'See `src/config/config.ts`, `src/infrastructure/cache/`, `test/http/request/4*.test.ts` and `src/no-such.ts`.';
    expect(pathsIn(text)).to.have.length(4);
    expect(missingOf(pathsIn(text))).to.deep.equal(['src/no-such.ts']);
  });

  it('shows for each of the ten risks of OWASP a test', async () => {
    const text = await readFile('SECURITY.md', 'utf8');
    const rows = text.split('\n').filter((line) => /^\| API\d+:2023 /.test(line));
    expect(rows).to.have.length(10);
    for (const row of rows) expect(row).to.match(/`test\/[^`]+\.test\.ts`/);
  });
});
