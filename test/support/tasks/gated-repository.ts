import type { TaskRepository } from '../../../src/application/ports/task-repository.ts';

type Method = keyof TaskRepository;

/** What a call goes through on its way to the store, and what its answer goes through on its way back. */
export interface Passage {
  readonly before?: () => Promise<void>;
  readonly after?: () => Promise<void>;
}

export interface GatedRepository {
  readonly tasks: TaskRepository;
  /** How often the store was called. */
  readonly calls: Readonly<Record<Method, number>>;
  /** The next call of a method goes through this passage; those behind it are free. */
  next(method: Method, passage: Passage): void;
  /** Every call goes through a passage. */
  every(passage: (method: Method) => Passage): void;
}

/** A store whose calls and answers a test can hold up, or make fail before or after the deed. */
export const gatedRepository = (inner: TaskRepository): GatedRepository => {
  const calls = { add: 0, find: 0, list: 0, change: 0, remove: 0 };
  const passages = new Map<Method, Passage>();
  let standing: (method: Method) => Passage = () => ({});

  const through = async <Result>(method: Method, work: () => Promise<Result>): Promise<Result> => {
    calls[method] += 1;
    const { before, after } = passages.get(method) ?? standing(method);
    passages.delete(method);
    await before?.();
    const result = await work();
    await after?.();
    return result;
  };

  return {
    calls,
    next: (method, passage) => void passages.set(method, passage),
    every: (passage) => {
      standing = passage;
    },
    tasks: {
      add: (...args) => through('add', () => inner.add(...args)),
      find: (...args) => through('find', () => inner.find(...args)),
      list: (...args) => through('list', () => inner.list(...args)),
      change: (...args) => through('change', () => inner.change(...args)),
      remove: (...args) => through('remove', () => inner.remove(...args)),
    },
  };
};

/** A gate that is closed until it is opened. */
export const closedGate = (): { readonly passed: () => Promise<void>; readonly open: () => void } => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { passed: () => promise, open: () => resolve(undefined) };
};
