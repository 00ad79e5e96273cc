import { random, type Random } from '../../../support/random.ts';
import { createHistory, type Action, type Answer, type History } from '../history.ts';
import { simulatedStore } from './simulated-store.ts';

export interface Simulation {
  readonly seed: number;
  readonly clients: number;
  readonly calls: number;
  /** How many of 100 writes get no answer. */
  readonly lost: number;
}

/** A call under way. Its effect, and its answer, are at random moments. */
interface Running {
  readonly client: string;
  readonly id: string;
  readonly action: Action | 'list' | 'list the trash';
  readonly startedAt: number;
  /** Infinity: never. */
  readonly takesEffectAt: number;
  readonly endsAt: number;
  answer: Answer | null;
  /** The ids that the answer shows. */
  shown: readonly string[];
}

/** What concurrent clients of a correct store record, with lost answers whose calls take effect late or never. */
export const simulateHistory = ({ seed, clients, calls, lost }: Simulation): History => {
  const chance = random(seed);
  const store = simulatedStore();
  const history = createHistory('simulated');
  const running = new Set<Running>();
  /** The ids that answers have shown. */
  const known = new Set<string>();
  let begun = 0;

  const begin = (client: string, now: number): void => {
    begun += 1;
    const action = known.size < 2 ? create(begun) : chooseAction(chance, store.revision, begun);
    const isRead = typeof action === 'string' || action.kind.startsWith('read');
    const isLost = !isRead && chance.below(100) < lost;
    const takesEffectAt = now + 1 + chance.below(isLost ? 40 : 6);
    const isNew = known.size === 0 || (typeof action !== 'string' && action.kind === 'create');
    running.add({
      client: isLost ? `${client}, lost` : client,
      id: isNew ? `task ${begun}` : chance.pick([...known].slice(-3)),
      action,
      startedAt: now,
      takesEffectAt: isLost && chance.below(2) === 0 ? Infinity : takesEffectAt,
      endsAt: isLost ? Infinity : takesEffectAt + 1 + chance.below(6),
      answer: null,
      shown: [],
    });
  };

  const takeEffect = (call: Running): void => {
    const { action, id, client, startedAt, endsAt: endedAt } = call;
    if (typeof action !== 'string') {
      call.answer = store.apply(id, action);
      if (action.kind === 'create') call.shown = [id];
      return;
    }
    const place = action === 'list' ? 'list' : 'trash';
    const tasks = store.tasksIn(place);
    call.shown = [...tasks.keys()];
    history.snapshots.push({ client, startedAt, endedAt, place, tasks, isComplete: true });
    if (place === 'trash') return;
    const what = 'a list';
    history.sightings.push({ client, startedAt, endedAt, what, revision: store.revision, rule: 'counter' });
  };

  const record = ({ client, id, action, startedAt, endsAt: endedAt, answer }: Running): void => {
    if (typeof action === 'string') return;
    const isLost = endedAt === Infinity;
    const isWithoutId = action.kind === 'empty the trash' || (action.kind === 'create' && isLost);
    history.calls.push({
      client,
      id: isWithoutId ? null : id,
      action,
      startedAt,
      endedAt,
      answer: isLost ? null : answer,
    });
    const revision = answer?.outcome === 'done' && !isLost ? answer.task?.revision : undefined;
    if (revision === undefined) return;
    const rule = action.kind.startsWith('read') ? 'any' : 'new';
    history.sightings.push({ client, startedAt, endedAt, what: action.kind, revision, rule });
  };

  const isBusy = (client: string): boolean => [...running].some((call) => call.client === client);
  for (let now = 0; begun < calls || running.size > 0; now += 1) {
    for (let n = 0; n < clients; n += 1)
      if (begun < calls && !isBusy(`client ${n}`) && chance.below(3) === 0) begin(`client ${n}`, now);
    for (const call of running) {
      if (call.takesEffectAt === now) takeEffect(call);
      const isOver = call.endsAt === Infinity ? begun === calls : call.endsAt === now;
      if (!isOver) continue;
      running.delete(call);
      record(call);
      if (call.endsAt !== Infinity) for (const id of call.shown) known.add(id);
    }
  }
  return history;
};

const create = (n: number): Action => ({ kind: 'create', title: `title ${n}` });

const chooseAction = (chance: Random, revision: number, n: number): Running['action'] => {
  const ifMatch = chance.below(3) === 0 ? revision - chance.below(4) : null;
  const one = chance.below(22);
  if (one < 2) return create(n);
  if (one < 5) return { kind: 'change', title: `title ${n}`, ifMatch };
  if (one < 8) return { kind: 'complete', completed: chance.pick([null, true, false]), ifMatch };
  if (one < 10) return { kind: 'delete', ifMatch };
  if (one < 12) return { kind: 'restore', ifMatch };
  if (one < 13) return { kind: 'purge' };
  if (one < 14) return { kind: 'empty the trash' };
  if (one < 15) return { kind: 'read in the trash' };
  if (one < 18) return { kind: 'read' };
  return one < 21 ? 'list' : 'list the trash';
};
