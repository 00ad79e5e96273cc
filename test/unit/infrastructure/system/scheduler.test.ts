import { expect } from 'chai';
import { requestDeadline } from '../../../../src/infrastructure/system/request-deadline.ts';
import { systemScheduler } from '../../../../src/infrastructure/system/scheduler.ts';

describe('systemScheduler', () => {
  it('given work: runs it later, in the order of the times', async () => {
    const scheduler = systemScheduler();
    const ran: string[] = [];
    await new Promise<void>((resolve) => {
      scheduler.after(30, () => {
        ran.push('late');
        resolve();
      });
      scheduler.after(0, () => void ran.push('soon'));
      ran.push('now');
    });
    expect(ran).to.deep.equal(['now', 'soon', 'late']);
  });

  it('given cancelled work: does not run it', async () => {
    const scheduler = systemScheduler();
    let ran = false;
    const cancel = scheduler.after(0, () => (ran = true));
    cancel();
    await new Promise<void>((resolve) => void scheduler.after(5, resolve));
    expect(ran).to.equal(false);
  });

  it('given work that a request schedules: the time limit of the request does not apply to it', async () => {
    const deadline = requestDeadline(60_000);
    const scheduler = systemScheduler();
    const outside = deadline.current();
    const [inside, later] = await deadline.limit(async () => {
      const current = deadline.current();
      const scheduled = await new Promise<unknown>(
        (resolve) => void scheduler.after(0, () => resolve(deadline.current())),
      );
      return [current, scheduled];
    });
    expect(inside).not.to.equal(outside);
    expect(later).to.equal(outside);
  });
});
