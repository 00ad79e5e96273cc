import type { Action, Answer, Call, SeenTask } from '../history.ts';

/** A call on the task `t`. Answer null: it has no end. */
export const call = (startedAt: number, endedAt: number, action: Action, answer: Answer | null): Call => ({
  id: 't',
  client: 'a client',
  startedAt,
  endedAt: answer === null ? Infinity : endedAt,
  action,
  answer,
});

/** The task `t` as an answer shows it. */
export const task = (revision: number, title = 'A', completed = false): SeenTask => ({
  id: 't',
  title,
  completed,
  revision,
});

export const done = (seen: SeenTask | null = null): Answer => ({ outcome: 'done', task: seen });
export const missing: Answer = { outcome: 'missing' };
export const mismatch = (current: SeenTask): Answer => ({ outcome: 'mismatch', current });

export const create: Action = { kind: 'create', title: 'A' };
export const read: Action = { kind: 'read' };
export const readTrash: Action = { kind: 'read in the trash' };
export const purge: Action = { kind: 'purge' };
export const emptyTrash: Action = { kind: 'empty the trash' };
export const toggle: Action = { kind: 'complete', completed: null, ifMatch: null };
export const change = (title: string, ifMatch: number | null = null): Action => ({
  kind: 'change',
  title,
  ifMatch,
});
export const remove = (ifMatch: number | null = null): Action => ({ kind: 'delete', ifMatch });
export const restore = (ifMatch: number | null = null): Action => ({ kind: 'restore', ifMatch });
