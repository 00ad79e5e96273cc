import { AsyncLocalStorage } from 'node:async_hooks';
import type { Deadline, Work } from '../../application/ports/deadline.ts';
import { TaskholdError } from '../../domain/errors.ts';

/** So many milliseconds for each piece of work. */
export const deadlineOf = (milliseconds: number): Deadline => {
  const works = new AsyncLocalStorage<Work>();
  return {
    limit: (work) =>
      new Promise((resolve, reject) => {
        const mark = { isOver: false };
        const timer = setTimeout(() => {
          mark.isOver = true;
          reject(tooLong());
        }, milliseconds);
        works
          .run(mark, work)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      }),
    current: () => works.getStore() ?? unbounded,
  };
};

/** Work that nobody has set a limit to: a probe, a job of the service's own. */
const unbounded: Work = { isOver: false };

const tooLong = (): TaskholdError =>
  new TaskholdError('timeout', 'The request took too long; what it asked for may have been done or not.');
