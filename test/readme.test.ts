import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { checkout } from './support/processes/checkout.ts';
import { bannerOf } from './support/processes/banner.ts';

const readme = new URL('../README.md', import.meta.url);

/** The first code block in this language after the heading. */
const blockIn = (text: string, heading: string, language: string): string => {
  const section = text.slice(text.indexOf(`\n## ${heading}\n`));
  const [, block] = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(section) ?? [];
  if (block === undefined) throw new Error(`No ${language} block after the heading "${heading}".`);
  return block;
};

/** Replaces ids and times, which differ in every run. */
const withoutIdsAndTimes = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');

describe('the session in README.md', function () {
  this.timeout(60_000);

  it('given the commands of the session: the output printed in README.md, except ids and times', async () => {
    const text = await readFile(readme, 'utf8');
    await using project = await checkout();
    const service = await project.start();
    const { address } = await bannerOf(service);
    // Only the address in the first line is replaced, as README.md instructs.
    const script = blockIn(text, 'A session', 'bash').replace(
      /^api=http:\/\/127\.0\.0\.1:8000\b/,
      `api=${address}`,
    );
    expect(script).to.include(address);
    const session = await project.bash(script);
    expect(await session.ended, session.output()).to.equal(0);
    expect(withoutIdsAndTimes(session.output())).to.equal(
      withoutIdsAndTimes(blockIn(text, 'A session', 'text')),
    );
    service.signal('SIGTERM');
    expect(await service.ended).to.equal(0);
  });
});
