import { expect } from 'chai';
import type { ChangeFeed } from '../../../src/application/ports/change-feed.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { unavailable } from '../../../src/infrastructure/postgres/client/connection-failure.ts';
import { receiveBody } from '../../support/http/streams/receive-body.ts';
import { startService } from '../../support/http/service.ts';
import { changesOf } from '../../support/tasks/changes/follow-changes.ts';
import { kept } from '../../support/tasks/task-requests.ts';
import { revision } from '../../support/tasks/tasks.ts';
import { until } from '../../support/until.ts';

const target = '/api/tasks/changes?since=0';

describe('200 changes that are sent while they are read', () => {
  /** A user with five changes, on a service whose feed has two of them on a page; `failing` rejects from the second read on. */
  const startWithChanges = async (failing = false) => {
    const store = memoryTaskRepository();
    let reads = 0;
    const after: ChangeFeed['after'] = async (user, since) => {
      reads += 1;
      if (failing && reads > 1) throw unavailable(new Error('lost'));
      return { ...(await store.after(user, since, 2)), completeFrom: revision(99) };
    };
    const service = await startService({
      overrides: { tasks: store, trash: store.trash, users: store, changes: { after } },
    });
    const user = await service.user();
    for (const title of ['first', 'with "quotes"', '\u{1f95b}']) await kept(user, { title });
    await kept(user, { title: 'last' });
    await user.delete(`/api/tasks/${(await kept(user)).id}`);
    return { ...service, user, store, reads: () => reads };
  };

  it('given more changes than the limit: all of them, as in one page', async () => {
    await using service = await startWithChanges();
    const { user, store } = service;
    const answer = await user.get(`${target}&limit=2`);
    expect(answer.headers).to.include({
      'content-type': 'application/json; charset=utf-8',
      'transfer-encoding': 'chunked',
    });
    await using whole = await startService({
      overrides: { tasks: store, trash: store.trash, users: store, changes: store },
    });
    const inOnePage = await (await whole.user(user.id)).get(target);
    expect(inOnePage.headers).to.have.property('content-length');
    expect(changesOf(answer)).to.deep.equal(changesOf(inOnePage));
    expect(answer.text).to.equal(inOnePage.text);
  });

  it('given the tag of the response: 304 after one read', async () => {
    await using service = await startWithChanges();
    const { user, reads } = service;
    const tag = (await user.get(target)).headers['etag'] ?? '';
    expect(tag).not.to.equal('');
    const before = reads();
    const answer = await user.get(target, { headers: { 'If-None-Match': tag } });
    expect([answer.status, answer.text, reads() - before]).to.deep.equal([304, '', 1]);
    expect(answer.headers).to.include({ etag: tag });
  });

  it('given HEAD: the tag of GET, without a body, after one read', async () => {
    await using service = await startWithChanges();
    const { user, reads } = service;
    const { headers } = await user.get(target);
    const before = reads();
    const answer = await user.head(target);
    expect([answer.status, answer.text, reads() - before]).to.deep.equal([200, '', 1]);
    expect(answer.headers).to.include({ etag: headers['etag'], 'content-type': headers['content-type'] });
  });

  it('given a feed that fails on the way: the body is incomplete, and one failure is observed', async () => {
    await using service = await startWithChanges(true);
    const { user, reads } = service;
    const { text, isComplete } = await receiveBody(service, target, user.token);
    expect([isComplete, reads()]).to.deep.equal([false, 2]);
    expect(() => void JSON.parse(text)).to.throw();
    const failures = () => service.observations.filter(({ type }) => type === 'failure');
    await until('the failure is observed', () => failures().length === 1);
    expect(failures()[0]).to.include({ code: 'unavailable' });
  });
});
