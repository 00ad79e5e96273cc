/*
 * Prints the section of CHANGELOG.md for a tag: `node scripts/release-notes.ts v1.2.3`. Ends with an error if the tag is not the
 * version of package.json, or if the section is missing or empty.
 */
import { readFile } from 'node:fs/promises';
import packageJson from '../package.json' with { type: 'json' };

/** Returns the text below the heading of a version. Throws with a message for people. */
export const releaseNotes = (tag: string, version: string, changelog: string): string => {
  if (tag !== `v${version}`)
    throw new Error(`The tag is ${tag}, but package.json has the version ${version}`);
  const sections = changelog.split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${version}] - `));
  if (section === undefined) throw new Error(`CHANGELOG.md has no section "## [${version}] - date"`);
  const [heading = '', ...lines] = section.split('\n');
  if (!/ - \d{4}-\d\d-\d\d$/.test(heading)) throw new Error(`The heading "## ${heading}" has no date`);
  const notes = lines.join('\n').trim();
  if (notes === '') throw new Error(`The section of ${version} in CHANGELOG.md is empty`);
  return notes;
};

if (import.meta.main) {
  const changelog = await readFile(new URL('../CHANGELOG.md', import.meta.url), 'utf8');
  process.stdout.write(`${releaseNotes(process.argv[2] ?? '', packageJson.version, changelog)}\n`);
}
