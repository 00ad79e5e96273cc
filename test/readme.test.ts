import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { checkout, type Checkout } from './support/checkout.ts';
import { greetingOf } from './support/greeting.ts';

const readme = new URL('../README.md', import.meta.url);

describe('the README', function () {
  this.timeout(60_000);
  let project: Checkout;
  before(async () => {
    project = await checkout();
  });
  after(() => project[Symbol.asyncDispose]());

  it('shows a session that goes as printed', async () => {
    const text = await readFile(readme, 'utf8');
    const session = /<!-- session -->\s+```bash\n([^`]+)```/.exec(text)?.[1] ?? '';
    const { address } = await greetingOf(await project.start());
    // Where the service listens is the one thing that is not as printed: the port may be taken here.
    const script = session
      .replace('API=http://127.0.0.1:8000', `API=${address}`)
      .replaceAll(/^curl .*$/gm, '$&; echo');
    expect(script).to.not.equal(session);

    const { stdout } = await promisify(execFile)('bash', ['-e', '-c', script], { cwd: project.folder });
    const answers = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
    expect(answers).to.have.length(8);
    const [milk, home, list, completed, pending, foreign, stale, changed] = answers;
    expect(milk).to.include({ user_id: 'alice', title: 'Buy milk', completed: false, revision: 1 });
    expect(home).to.include({ title: 'Call home', description: 'before six', revision: 2 });
    expect(list).to.deep.equal([home, milk]);
    expect(completed).to.include({ title: 'Call home', completed: true, revision: 3 });
    expect(pending).to.deep.equal([milk]);
    expect(foreign).to.include({ status: 404, code: 'task_not_found' });
    expect(stale).to.include({ status: 412, code: 'revision_mismatch' });
    expect(changed).to.include({ title: 'Call mum', revision: 4 });
  });
});
