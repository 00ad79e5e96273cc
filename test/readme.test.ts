import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { checkout } from './support/processes/checkout.ts';
import { bannerOf } from './support/processes/banner.ts';

const readme = new URL('../README.md', import.meta.url);

/** The block of this language that comes first behind the heading. */
const blockIn = (text: string, heading: string, language: string): string => {
  const section = text.slice(text.indexOf(`\n## ${heading}\n`));
  const [, block] = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(section) ?? [];
  if (block === undefined) throw new Error(`There is no ${language} behind "${heading}".`);
  return block;
};

/** Other ids and other times in the place of each. */
const anonymous = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');

describe('the session in README.md', function () {
  this.timeout(60_000);

  it('prints what it says there, word for word, ids and times aside', async () => {
    const text = await readFile(readme, 'utf8');
    await using project = await checkout();
    const service = await project.start();
    const { address } = await bannerOf(service);
    // The one thing that is changed is what README.md tells people to change: the address in the first line.
    const script = blockIn(text, 'A session', 'bash').replace(
      /^api=http:\/\/127\.0\.0\.1:8000\b/,
      `api=${address}`,
    );
    expect(script).to.include(address);
    const session = await project.bash(script);
    expect(await session.ended, session.output()).to.equal(0);
    expect(anonymous(session.output())).to.equal(anonymous(blockIn(text, 'A session', 'text')));
    service.signal('SIGTERM');
    expect(await service.ended).to.equal(0);
  });
});
