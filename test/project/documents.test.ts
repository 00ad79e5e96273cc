import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import clientJson from '../../client/package.json' with { type: 'json' };
import packageJson from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The Markdown files of the project by path. */
const pages = async (): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  for await (const file of glob(['*.md', '{docs,examples,bench,deploy}/**/*.md', 'client/*.md'], {
    cwd: root,
  }))
    found.set(file, await readFile(join(root, file), 'utf8'));
  return found;
};

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

describe('the documents', () => {
  it('given the glob of this test: it finds all documents', async () => {
    expect([...(await pages()).keys()]).to.include.members([
      'ARCHITECTURE.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'README.md',
      'SECURITY.md',
      'client/README.md',
      'docs/issuers.md',
    ]);
  });

  it('given each relative link: its target exists', async () => {
    for (const [file, text] of await pages()) {
      for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        // On GitHub, relative to the page of the repository.
        const workflow = /^\.\.\/\.\.\/actions\/workflows\/([\w-]+\.yml)(?:\/badge\.svg)?$/.exec(target)?.[1];
        if (workflow !== undefined) {
          expect(existsSync(join(root, '.github/workflows', workflow)), target).to.equal(true);
          continue;
        }
        expect(existsSync(join(root, dirname(file), target)), `${file}: ${target}`).to.equal(true);
      }
    }
  });

  it('given each link to a heading of its own document: the heading exists', async () => {
    for (const [file, text] of await pages()) {
      const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
      for (const [, anchor] of text.matchAll(/\]\(#([^)]+)\)/g)) expect(headings, file).to.include(anchor);
    }
  });

  it('given each alert: operations.md has it among the symptoms', async () => {
    const alerts = await readFile(join(root, 'deploy/prometheus-alerts.yml'), 'utf8');
    const [symptoms = ''] = ((await pages()).get('docs/operations.md') ?? '').split('\n## Symptoms');
    for (const [, name = ''] of alerts.matchAll(/- alert: (\w+)/g))
      expect(symptoms).to.include(`\`${name}\``);
  });

  it('given each heading of operations.md that an alert names: it exists', async () => {
    const alerts = await readFile(join(root, 'deploy/prometheus-alerts.yml'), 'utf8');
    const headings = [...((await pages()).get('docs/operations.md') ?? '').matchAll(/^#+ (.*)$/gm)].map(
      ([, text]) => text,
    );
    const named = [...alerts.replaceAll(/\n\s+/g, ' ').matchAll(/docs\/operations\.md, "([^"]*)"/g)];
    expect(named).to.have.length.above(5);
    for (const [, heading] of named) expect(headings).to.include(heading);
  });

  it('given each npm run command: its script exists', async () => {
    for (const [file, text] of await pages())
      for (const [, script = '', workspace] of text.matchAll(
        /npm run (?:-s |--silent )?([\w:-]+)( -w @taskhold\/client)?/g,
      ))
        expect((workspace === undefined ? packageJson : clientJson).scripts, file).to.have.property(script);
  });
});
