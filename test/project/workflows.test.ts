import { expect } from 'chai';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };

/** The part of GitHub's workflow syntax that this project uses; another key is a mistake. */
const step = z.union([
  z.strictObject({
    name: z.string().optional(),
    id: z.string().optional(),
    if: z.string().optional(),
    uses: z.string(),
    with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  }),
  z.strictObject({
    name: z.string().optional(),
    run: z.string(),
    env: z.record(z.string(), z.string()).optional(),
  }),
]);
const permissions = z.record(z.string(), z.enum(['read', 'write']));
const workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({ contents: z.literal('read') }),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.unknown() }).optional(),
  jobs: z.record(
    z.string(),
    z.strictObject({
      'runs-on': z.string(),
      'timeout-minutes': z.number().max(100),
      needs: z.string().optional(),
      permissions: permissions.optional(),
      strategy: z.strictObject({ matrix: z.record(z.string(), z.array(z.string())) }).optional(),
      steps: z.array(step).min(1),
    }),
  ),
});
type Workflow = z.infer<typeof workflow>;

const read = async (): Promise<readonly (readonly [string, string, Workflow])[]> =>
  Promise.all(
    globSync('.github/workflows/*.yml').map(async (file) => {
      const text = await readFile(file, 'utf8');
      return [file, text, workflow.parse(parse(text), { error: () => file })] as const;
    }),
  );

describe('workflows of GitHub', () => {
  it('given each file: known keys, few permissions, and a time limit for each job', async () => {
    const files = (await read()).map(([file]) => file.replace('.github/workflows/', ''));
    expect(files).to.have.members(['audit.yml', 'ci.yml', 'codeql.yml', 'release.yml']);
  });

  it('given each action: pinned by the hash of a commit, with its version, and everywhere the same', async () => {
    const pins = new Map<string, string>();
    for (const [file, text] of await read())
      for (const [, name = '', pin = ''] of text.matchAll(/uses: ([\w-]+\/[\w-]+)(\S* # v[\d.]+|.*)$/gm)) {
        const commit = pin.replace(/^[\w/-]+(?=@)/, '');
        expect(commit, `${file}: ${name}`).to.match(/^(?:\/\w+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
        const hash = commit.replace(/^\/\w+/, '');
        expect(pins.get(name) ?? hash, `${file}: ${name}`).to.equal(hash);
        pins.set(name, hash);
      }
    expect([...pins.keys()]).to.include('actions/checkout');
  });

  it('given each command: no value that an attacker may choose is written into it', async () => {
    for (const [file, , { jobs }] of await read())
      for (const { steps } of Object.values(jobs))
        for (const one of steps) if ('run' in one) expect(one.run, file).to.not.include('${{');
  });

  it('given each job that another one needs, and each script of npm: they exist', async () => {
    for (const [file, text, { jobs }] of await read()) {
      for (const { needs } of Object.values(jobs))
        if (needs !== undefined) expect(jobs, file).to.have.property(needs);
      for (const [, script = ''] of text.matchAll(/npm run (?:--silent )?([\w:-]+)/g))
        expect(packageJson.scripts, file).to.have.property(script);
      for (const [, path = ''] of text.matchAll(/node (scripts\/\S+)/g))
        expect(globSync(path), file).to.have.length(1);
    }
  });

  it('given a key that does not exist: refused', () => {
    const misspelled = { name: 'x', on: {}, permissions: { contents: 'read' }, jobs: { a: { stepss: [] } } };
    expect(workflow.safeParse(misspelled).success).to.equal(false);
  });
});
