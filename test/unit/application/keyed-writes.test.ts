import { expect } from 'chai';
import { rejectionCode } from '../../support/rejection.ts';
import { aKeyedRequest, anOwner, aQuery, aTask, bareFields, title } from '../../support/tasks/tasks.ts';
import { useCases } from '../../support/tasks/use-cases.ts';

describe('use cases with a keyed request', () => {
  it('given createTask twice: creates one task, and the second call is a replay', async () => {
    const { use, list } = useCases();
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const first = await use.createTask(owner, bareFields, request);
    expect(first.isReplay).to.be.false;
    expect(await use.createTask(owner, bareFields, request)).to.deep.equal({ ...first, isReplay: true });
    expect((await list(owner.id, aQuery())).tasks).to.deep.equal([first.task]);
  });

  it('given updateTask twice: changes the task once, and the second call is a replay', async () => {
    const { use, create, get } = useCases();
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const { id, revision } = await create(owner, aTask());
    const update = () => use.updateTask(owner, id, { title: title('New') }, [revision], request);
    const first = await update();
    expect(first.isReplay).to.be.false;
    expect(await update()).to.deep.equal({ ...first, isReplay: true });
    expect(await get(owner.id, id)).to.deep.equal(first.task);
  });

  it('given completeTask twice: toggles once, and the second call is a replay', async () => {
    const { use, create } = useCases();
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const { id } = await create(owner, aTask());
    const complete = () => use.completeTask(owner, id, undefined, undefined, request);
    const first = await complete();
    expect(first).to.deep.include({ isReplay: false }).and.to.have.nested.property('task.completed', true);
    expect(await complete()).to.deep.equal({ ...first, isReplay: true });
  });

  it('given deleteTask twice: deletes once, and the second call is a replay', async () => {
    const { use, create } = useCases();
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const { id } = await create(owner, aTask());
    expect(await use.deleteTask(owner, id, undefined, request)).to.deep.equal({ isReplay: false });
    expect(await use.deleteTask(owner, id, undefined, request)).to.deep.equal({ isReplay: true });
  });

  it('given no key: nothing is a replay', async () => {
    const { use } = useCases();
    const owner = anOwner();
    const { task, isReplay } = await use.createTask(owner, bareFields);
    const updated = await use.updateTask(owner, task.id, {});
    expect([isReplay, updated.isReplay, (await use.deleteTask(owner, task.id)).isReplay]).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it('given the key of another request: idempotency_key_reused', async () => {
    const { use } = useCases();
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const { task } = await use.createTask(owner, bareFields, request);
    const other = { ...aKeyedRequest('another'), key: request.key };
    const calls = [
      use.createTask(owner, bareFields, other),
      use.updateTask(owner, task.id, {}, undefined, other),
      use.deleteTask(owner, task.id, undefined, other),
    ];
    for (const call of calls) expect(await rejectionCode(call)).to.equal('idempotency_key_reused');
  });
});
