import type { TaskRepository } from '../../../../src/application/ports/task-repository.ts';

type Method = Exclude<keyof TaskRepository, 'once'>;

/** Functions that run before a call reaches the store, and before its result is returned. */
interface Hooks {
  readonly before?: () => Promise<void>;
  readonly after?: () => Promise<void>;
}

interface ControlledRepository {
  readonly tasks: TaskRepository;
  /** How often each method was called. */
  readonly calls: Readonly<Record<Method, number>>;
  /** Applies the hooks to the next call of a method only. */
  next(method: Method, hooks: Hooks): void;
  /** Applies hooks to every call that has none from {@link next}. */
  every(hooks: (method: Method) => Hooks): void;
}

/** A repository whose calls a test can delay, or make fail before or after they reach the store. */
export const controlledRepository = (inner: TaskRepository): ControlledRepository => {
  const calls = { add: 0, find: 0, list: 0, change: 0, remove: 0 };
  const nextHooks = new Map<Method, Hooks>();
  let hooksOf: (method: Method) => Hooks = () => ({});

  const call = async <Result>(method: Method, work: () => Promise<Result>): Promise<Result> => {
    calls[method] += 1;
    const { before, after } = nextHooks.get(method) ?? hooksOf(method);
    nextHooks.delete(method);
    await before?.();
    const result = await work();
    await after?.();
    return result;
  };

  return {
    calls,
    next: (method, hooks) => void nextHooks.set(method, hooks),
    every: (hooks) => {
      hooksOf = hooks;
    },
    tasks: {
      add: (...args) => call('add', () => inner.add(...args)),
      find: (...args) => call('find', () => inner.find(...args)),
      list: (...args) => call('list', () => inner.list(...args)),
      change: (...args) => call('change', () => inner.change(...args)),
      remove: (...args) => call('remove', () => inner.remove(...args)),
      once: (request) => {
        const writes = inner.once(request);
        return {
          add: (...args) => call('add', () => writes.add(...args)),
          change: (...args) => call('change', () => writes.change(...args)),
          remove: (...args) => call('remove', () => writes.remove(...args)),
          restore: (...args) => writes.restore(...args),
        };
      },
    },
  };
};

/** Pauses a call that awaits `ended`, until `end` is called. */
export const pausedCall = (): { readonly ended: () => Promise<void>; readonly end: () => void } => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { ended: () => promise, end: () => resolve(undefined) };
};
