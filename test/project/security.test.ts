import { expect } from 'chai';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

const documentPatterns = ['SECURITY.md', 'ARCHITECTURE.md', 'README.md', 'docs/*.md', 'client/*.md'];
const pathInBackticks = /`((?:src|client\/src|test|docs|bench|scripts|deploy|examples)\/[^`\s]*)`/g;

/** The files, folders and patterns in backticks. */
const pathsIn = (text: string): string[] => [...text.matchAll(pathInBackticks)].map(([, path = '']) => path);

const missingOf = (paths: readonly string[]): string[] => paths.filter((path) => globSync(path).length === 0);

describe('paths in the documents', () => {
  it('given each path in backticks: it exists', async () => {
    const documents = globSync(documentPatterns);
    expect(documents).to.include.members(['SECURITY.md', 'ARCHITECTURE.md', 'README.md']);
    for (const document of documents) {
      const missing = missingOf(pathsIn(await readFile(document, 'utf8')));
      expect(missing, document).to.deep.equal([]);
    }
  });

  it('given a path that does not exist: found', () => {
    const text =
      'See `src/config/variables.ts`, `src/infrastructure/cache/`, `test/http/request/4*.test.ts` and `src/no-such.ts`.';
    expect(pathsIn(text)).to.have.length(4);
    expect(missingOf(pathsIn(text))).to.deep.equal(['src/no-such.ts']);
  });

  it('given the OWASP API Security Top 10 in SECURITY.md: each risk has a test', async () => {
    const text = await readFile('SECURITY.md', 'utf8');
    const rows = text.split('\n').filter((line) => /^\| API\d+:2023 /.test(line));
    expect(rows).to.have.length(10);
    for (const row of rows) expect(row).to.match(/`test\/[^`]+\.test\.ts`/);
  });
});
