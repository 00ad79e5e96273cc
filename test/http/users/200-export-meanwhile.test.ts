import { expect } from 'chai';
import { z } from 'zod';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { receiveBody } from '../../support/http/streams/receive-body.ts';
import { taskBody, taskOf } from '../../support/http/response-schemas.ts';
import { startService } from '../../support/http/service.ts';
import { kept } from '../../support/tasks/task-requests.ts';
import { until } from '../../support/until.ts';

const exportBody = z.object({ tasks: z.array(taskBody), trash: z.array(z.unknown()) });

describe('200 /api/me/export, given writes meanwhile', () => {
  /** A service with a gate before the second page of the tasks, or of the trash. */
  const startHeld = async (section: 'tasks' | 'trash') => {
    const store = memoryTaskRepository();
    const gate = Promise.withResolvers<undefined>();
    let isHeld = false;
    const hold = async (held: typeof section, isFirst: boolean): Promise<void> => {
      if (held !== section || isFirst) return;
      isHeld = true;
      await gate.promise;
    };
    const list: typeof store.list = (owner, query) =>
      hold('tasks', query.after === null).then(() => store.list(owner, query));
    const listTrash: typeof store.trash.list = (owner, query) =>
      hold('trash', query.before === null).then(() => store.trash.list(owner, query));
    const service = await startService({
      overrides: {
        tasks: { ...store, list },
        trash: { ...store.trash, list: listTrash },
        users: store,
        changes: store,
      },
    });
    const release = (): void => gate.resolve(undefined);
    return { service, isHeld: () => isHeld, release };
  };

  it('given a task that is restored while tasks are sent: it is one of them', async () => {
    const { service, isHeld, release } = await startHeld('tasks');
    await using started = service;
    const user = await started.user();
    for (let n = 0; n < 101; n += 1) await kept(user);
    const { id } = await kept(user); // the newest: the page that it would be on is sent
    await user.delete(`/api/tasks/${id}`);
    const sent = receiveBody(started, '/api/me/export', user.token);
    await until('the second page is read', isHeld);
    const restored = await user.post(`/api/tasks/${id}/restore`, undefined);
    release();
    const { text, isComplete } = await sent;
    expect([restored.status, isComplete]).to.deep.equal([200, true]);
    const { tasks, trash } = exportBody.parse(JSON.parse(text));
    expect(tasks.at(-1)).to.deep.equal(taskOf(restored));
    expect([tasks.length, trash.length]).to.deep.equal([102, 0]);
  });

  it('given a task that is restored before it is read in the trash: the body is incomplete', async () => {
    const { service, isHeld, release } = await startHeld('trash');
    await using started = service;
    const user = await started.user();
    const ids: string[] = [];
    for (let n = 0; n < 101; n += 1) ids.push((await kept(user)).id);
    for (const id of ids) await user.delete(`/api/tasks/${id}`);
    const sent = receiveBody(started, '/api/me/export', user.token);
    await until('the second page is read', isHeld);
    const restored = await user.post(`/api/tasks/${ids[0] ?? ''}/restore`, undefined);
    release();
    expect([restored.status, (await sent).isComplete]).to.deep.equal([200, false]);
    const failures = () => started.observations.filter(({ type }) => type === 'failure');
    await until('the failure is observed', () => failures().length === 1);
    expect(failures()[0]).to.include({ code: 'revision_expired' });
  });
});
