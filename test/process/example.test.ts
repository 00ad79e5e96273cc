import { createServer } from 'node:http';
import { expect } from 'chai';
import { isAlive, postmasterOf } from '../support/postgres/postmaster.ts';
import { checkout, type Checkout } from '../support/processes/checkout.ts';
import { freePort } from '../support/processes/free-port.ts';
import { isListening } from '../support/processes/is-listening.ts';
import type { Program } from '../support/processes/program.ts';
import { listening } from '../support/http/listening.ts';
import { formClient, signedIn } from '../support/tokens/form-client.ts';

const form = { email: 'ada@example.org', password: 'correct horse battery' };

describe('npm run example', function () {
  this.timeout(120_000);

  /** Starts the example as a newcomer does: by npm, with the Node of the system. */
  const start = async (project: Checkout, environment = {}): Promise<Program> =>
    project.npm(['run', 'example'], { EXAMPLE_PORT: '0', ...environment });

  /** The address, which is the last line. */
  const addressOf = async (program: Program): Promise<string> => {
    const [, address = ''] = await program.printed(/^Open (http:\/\/127\.0\.0\.1:\d+)\n$/m, 60_000);
    expect(program.output().trimEnd().split('\n').at(-1)).to.equal(`Open ${address}`);
    return address;
  };

  it('given two starts: a page and a sign-in, users and tasks stay, and Ctrl-C leaves nothing behind', async () => {
    await using project = await checkout();
    for (const path of ['signup', 'login']) {
      const program = await start(project);
      const address = await addressOf(program);
      const postgres = await postmasterOf(project.data);
      const page = await fetch(address);
      expect([page.status, page.headers.get('content-type')]).to.deep.equal([
        200,
        'text/html; charset=utf-8',
      ]);
      const send = formClient(address);
      const { token } = signedIn.parse((await send(`/auth/${path}`, { json: form })).json);
      if (path === 'signup')
        expect((await send('/api/tasks', { token, json: { title: 'Buy milk' } })).status).to.equal(201);
      const { tasks } = (await send('/api/tasks', { method: 'GET', token })).json;
      expect(tasks).to.have.nested.property('[0].title', 'Buy milk');
      // The stream is open when the signal comes.
      const stream = await fetch(`${address}/api/tasks/events`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      program.signalGroup('SIGINT');
      await stream.text();
      expect(await program.ended, program.output()).to.equal(0);
      expect(program.isGroupAlive()).to.equal(false);
      expect(await isListening(Number(new URL(address).port))).to.equal(false);
      expect(postgres).not.to.equal(null);
      expect(await isAlive(postgres ?? 0)).to.equal(false);
    }
  });

  it('given another program at localhost, on ::1: the printed address is that of the page, and users sign in there', async function () {
    await using project = await checkout();
    await using others = new AsyncDisposableStack();
    const other = createServer((_, response) => response.end('another program'));
    const port = await freePort();
    const hasPort = await new Promise<boolean>((resolve) => {
      other.once('error', () => resolve(false)).listen(port, '::1', () => resolve(true));
    });
    if (!hasPort) return this.skip();
    others.defer(() => other.close().closeAllConnections());
    const program = await start(project, { EXAMPLE_PORT: `${port}` });
    const address = await addressOf(program);
    expect(await (await fetch(address)).text()).to.include('<title>Tasks</title>');
    const send = formClient(address);
    const { token } = signedIn.parse((await send('/auth/signup', { json: form })).json);
    expect((await send('/api/tasks', { method: 'GET', token })).status).to.equal(200);
    program.signalGroup('SIGINT');
    expect(await program.ended, program.output()).to.equal(0);
  });

  it('given the port of another program, a bad port, or production: the reason, and exit code 78', async () => {
    await using project = await checkout();
    await using others = new AsyncDisposableStack();
    const port = await listening(createServer(), others);
    for (const [environment, line] of [
      [{ EXAMPLE_PORT: `${port}` }, `EXAMPLE_PORT ${port} on 127.0.0.1 cannot be used`],
      [{ EXAMPLE_PORT: 'x' }, 'EXAMPLE_PORT must be a port from 0 to 65535'],
      [
        { NODE_ENV: 'production', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' },
        'the example is for development only',
      ],
    ] as const) {
      const program = await start(project, environment);
      expect(await program.ended).to.equal(78);
      expect(program.output()).to.include(line);
      expect(await postmasterOf(project.data)).to.equal(null);
    }
  });
});
