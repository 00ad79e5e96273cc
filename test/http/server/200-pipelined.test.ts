import { expect } from 'chai';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { controlledRepository } from '../../support/tasks/repositories/controlled-repository.ts';
import { sendRaw } from '../../support/http/raw-http.ts';
import { ownService } from '../../support/http/suites.ts';

describe('200 for pipelined requests', () => {
  const store = controlledRepository(memoryTaskRepository());
  const service = ownService({ overrides: { tasks: store.tasks } });

  /** Delays a use case longer than the next one takes, so that it would be overtaken if both ran at once. */
  const delay = async (): Promise<void> => {
    for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  };

  const requests = async () => {
    const { token } = await service().user();
    const request = (line: string, fields: string, body = ''): string =>
      `${line} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n${fields}\r\n${body}`;
    const task = '{"title":"Buy milk"}';
    const json = `Content-Type: application/json\r\nContent-Length: ${task.length}\r\n`;
    return {
      list: request('GET /api/tasks', ''),
      lastList: request('GET /api/tasks', 'Connection: close\r\n'),
      add: request('POST /api/tasks', json, task),
      lastAdd: request('POST /api/tasks', `Connection: close\r\n${json}`, task),
    };
  };

  it('given a list before a write: the list without the write', async () => {
    const { list, lastAdd } = await requests();
    store.next('list', { before: delay });
    const { answers } = await service().raw(list + lastAdd);
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 201]);
    expect(answers[0]?.text).to.equal('[]');
  });

  it('given a list after a write: the list with the write', async () => {
    const { lastList, add } = await requests();
    store.next('add', { before: delay });
    const { answers } = await service().raw(add + lastList);
    expect(answers.map(({ status }) => status)).to.deep.equal([201, 200]);
    expect(answers[1]?.text).to.include('Buy milk');
  });

  it('given the operations listener: responses in order; given 1,000 requests: 17 responses, then it closes the connection', async () => {
    const live = 'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n';
    const nowhere = 'GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n';
    const port = service().operationsPort;
    const { answers } = await sendRaw(port, live + nowhere + live, { answers: 3 });
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 404, 200]);
    const flood = await sendRaw(port, live.repeat(1_000));
    expect(flood.answers.map(({ status }) => status)).to.deep.equal(Array.from({ length: 17 }, () => 200));
    expect(flood.closed).to.be.true;
  });
});
