import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import packageJson from '../../package.json' with { type: 'json' };
import clientJson from '../../client/package.json' with { type: 'json' };
import { releaseNotes } from '../../scripts/release-notes.ts';

const changelog = `# Changelog

## [Unreleased]

### Added

- next

## [1.1.0] - 2026-12-01

### Added

- a thing

## [1.0.0] - soon

- first

## [0.9.0] - 2026-01-01
`;

describe('releaseNotes', () => {
  it('given the version of package.json: CHANGELOG.md has its notes, and the client has the same version', async () => {
    const { version } = packageJson;
    expect(releaseNotes(`v${version}`, version, await readFile('CHANGELOG.md', 'utf8'))).to.include('### ');
    expect(clientJson.version).to.equal(version);
  });

  it('given a tag with a section: its text', () => {
    expect(releaseNotes('v1.1.0', '1.1.0', changelog)).to.equal('### Added\n\n- a thing');
  });

  for (const [what, tag, version, message] of [
    [
      'a tag of another version',
      'v1.1.0',
      '1.2.0',
      'The tag is v1.1.0, but package.json has the version 1.2.0',
    ],
    ['a tag without v', '1.1.0', '1.1.0', 'The tag is 1.1.0'],
    ['a version without a section', 'v1.2.0', '1.2.0', 'no section "## [1.2.0] - date"'],
    ['a heading without a date', 'v1.0.0', '1.0.0', 'has no date'],
    ['an empty section', 'v0.9.0', '0.9.0', 'is empty'],
  ] as const)
    it(`given ${what}: an error that names it`, () => {
      expect(() => releaseNotes(tag, version, changelog)).to.throw(message);
    });
});
