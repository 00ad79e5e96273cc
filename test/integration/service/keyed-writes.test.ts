import { Agent } from 'node:http';
import { expect } from 'chai';
import { startServiceProcess, type ServiceProcess } from '../../faults/processes/service-process.ts';
import { createClient, type Answer, type Client } from '../../support/http/http-client.ts';
import { taskOf, tasksOf } from '../../support/http/response-schemas.ts';
import { urlSchemes } from '../../support/http/suites.ts';
import { numbers } from '../../support/in-batches.ts';
import { isReplay, keyed, keyedWrites, newKey, repeatable } from '../../support/keys/keyed-requests.ts';
import { freshDatabase } from '../../support/postgres/postgres.ts';
import { targetOf, type TaskRequest } from '../../support/tasks/task-requests.ts';
import { userId } from '../../support/tasks/tasks.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';

describe('three instances on one database, and one key', function () {
  this.timeout(60_000);
  const opened = new AsyncDisposableStack();
  const agent = new Agent({ keepAlive: true });
  let services: readonly ServiceProcess[] = [];

  before(async () => {
    opened.defer(() => agent.destroy());
    const database = await freshDatabase();
    opened.defer(database.drop);
    const start = async () => opened.use(await startServiceProcess({ DATABASE_URL: database.url }));
    services = await Promise.all(numbers(3).map(start));
  });
  after(() => opened.disposeAsync());

  /** A client of each instance, all of one new user. */
  const clientsOf = async (id: string): Promise<readonly Client[]> => {
    const defaultHeaders = { authorization: `Bearer ${await tokenFor(id)}` };
    return services.map(({ port }) => createClient({ port, agent, defaultHeaders }));
  };

  const send20 = (clients: readonly Client[], request: TaskRequest, target: string): Promise<Answer[]> => {
    const key = newKey();
    const json = request.json === undefined ? {} : { json: request.json };
    return Promise.all(
      numbers(20).map((n) => clients[n % 3]!.send(request.method, target, { ...json, ...keyed(key) })),
    );
  };

  for (const scheme of urlSchemes)
    for (const request of keyedWrites)
      it(`given ${request.name} 20 times at once (${scheme}): one effect, and the same response to all`, async () => {
        const id = userId();
        const clients = await clientsOf(id);
        const list = scheme === 'own' ? '/api/tasks' : `/api/${id}/tasks`;
        const task = taskOf(await clients[0]!.post(list, { title: 'Buy milk' }));
        const answers = await send20(clients, request, targetOf(list, request, task.id));
        expect(answers[0]?.status).to.equal(request.status);
        for (const answer of answers) expect(repeatable(answer)).to.deep.equal(repeatable(answers[0]!));
        expect(answers.filter((answer) => !isReplay(answer))).to.have.length(1);
        const after = await clients[1]!.get(list);
        const tasks = tasksOf(after);
        if (request.name === 'create') expect(tasks).to.have.length(2);
        else if (request.status === 204) expect(tasks).to.deep.equal([]);
        else expect(tasks).to.deep.equal([taskOf(answers[0]!)]);
        // Only a deletion that loses a race to another instance may take a revision.
        if (request.status !== 204) expect(after.headers['etag']).to.match(/^W\/"2-/);
      });

  it('given an instance that is started later: it repeats the response', async () => {
    const [one, other] = await clientsOf(userId());
    const create = (client: Client) => client.post('/api/tasks', { title: 'Once' }, keyed('k'));
    const first = await create(one!);
    await services[1]!.kill();
    await services[1]!.start();
    const again = await create(other!);
    expect([isReplay(again), repeatable(again)]).to.deep.equal([true, repeatable(first)]);
  });
});
