import { expect } from 'chai';
import { parseUserId } from '../../../src/domain/user.ts';
import { taskOf } from '../../support/http/response-schemas.ts';
import { ownService } from '../../support/http/suites.ts';
import { kept } from '../../support/tasks/task-requests.ts';
import { idsOf, readExport } from '../../support/exports/read-export.ts';

describe('an export from PostgreSQL', () => {
  const service = ownService({ store: 'PostgreSQL' });

  it('given tasks that are restored and deleted while it is read: each in one section', async () => {
    const user = await service().user();
    const owner = parseUserId(user.id);
    if (owner === null) throw new Error('No user id');
    const ids: string[] = [];
    for (let n = 0; n < 205; n += 1) ids.push((await kept(user)).id);
    const deleted = ids.splice(-5);
    const removed = ids[0] ?? '';
    for (const id of deleted) await user.delete(`/api/tasks/${id}`);
    let isFirst = true;
    const { tasks, trash } = await readExport(service().get('useCases').exportTasks(owner), async (page) => {
      if (page.tasks.length === 0 || !isFirst) return;
      isFirst = false;
      for (const id of deleted.slice(0, 3)) taskOf(await user.post(`/api/tasks/${id}/restore`, undefined));
      await user.delete(`/api/tasks/${removed}`);
    });
    expect(idsOf(tasks)).to.have.members([...ids.slice(1), ...deleted.slice(0, 3)]);
    expect(idsOf(trash)).to.have.members([removed, ...deleted.slice(3)]);
  });
});
