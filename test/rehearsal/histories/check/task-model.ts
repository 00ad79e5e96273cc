import type { Action, Answer, SeenTask } from '../history.ts';

/** What a task is between two calls, as far as the answers tell. */
export interface TaskState {
  /** `nowhere`: not created yet. `gone`: deleted for good. */
  readonly place: 'nowhere' | 'list' | 'trash' | 'gone';
  readonly title: string;
  readonly completed: boolean;
  readonly revision: number;
  /** False: the last write showed no revision, and the task has this one or a higher one. */
  readonly isExact: boolean;
}

export const notCreated: TaskState = {
  place: 'nowhere',
  title: '',
  completed: false,
  revision: 0,
  isExact: true,
};

/**
 * The sequential specification of a task: its state after the call, or null where the call cannot have this answer in this state.
 * Without an answer (null), every effect that the call can have in this state is possible.
 */
export const step = (state: TaskState, action: Action, answer: Answer | null): TaskState | null => {
  switch (action.kind) {
    case 'create':
      return state.place === 'nowhere'
        ? write({ ...state, place: 'list', title: action.title }, state.revision, answer)
        : null;
    case 'read':
      return readIn('list', state, answer);
    case 'read in the trash':
      return readIn('trash', state, answer);
    case 'empty the trash':
      return state.place === 'trash' ? gone : state;
    case 'purge':
      return inPlace('trash', state, answer, () => gone);
    case 'delete':
      return conditional('list', state, action.ifMatch, answer, (revision) =>
        write({ ...state, place: 'trash' }, revision, answer),
      );
    case 'restore':
      return conditional('trash', state, action.ifMatch, answer, (revision) =>
        write({ ...state, place: 'list' }, revision, answer),
      );
    case 'change':
      return conditional('list', state, action.ifMatch, answer, (revision) =>
        write({ ...state, title: action.title }, revision, answer),
      );
    case 'complete':
      return conditional('list', state, action.ifMatch, answer, (revision) =>
        write({ ...state, completed: action.completed ?? !state.completed }, revision, answer),
      );
  }
};

/** Every later call finds nothing, whatever the task was. */
const gone: TaskState = { ...notCreated, place: 'gone' };

/** 404 where the task is somewhere else. Without an answer, the call then has no effect. */
const inPlace = (
  place: TaskState['place'],
  state: TaskState,
  answer: Answer | null,
  there: () => TaskState | null,
): TaskState | null => {
  const isMissing = answer?.outcome === 'missing';
  if (state.place === place) return isMissing ? null : there();
  return isMissing || answer === null ? state : null;
};

const readIn = (place: TaskState['place'], state: TaskState, answer: Answer | null): TaskState | null => {
  if (answer?.outcome === 'missing') return state.place === place ? null : state;
  const seen = answer?.outcome === 'done' ? answer.task : null;
  return seen !== null && state.place === place ? shown(state, seen) : null;
};

/** The state if it is what the answer shows; its revision is then known. */
const shown = (state: TaskState, { title, completed, revision }: SeenTask): TaskState | null =>
  title === state.title && completed === state.completed && hasRevision(state, revision)
    ? { ...state, revision, isExact: true }
    : null;

const hasRevision = (state: TaskState, revision: number): boolean =>
  state.isExact ? revision === state.revision : revision >= state.revision;

/** `effect` is called with the revision that the task has, at least, before the write. */
const conditional = (
  place: TaskState['place'],
  state: TaskState,
  ifMatch: number | null,
  answer: Answer | null,
  effect: (revision: number) => TaskState | null,
): TaskState | null =>
  inPlace(place, state, answer, () => {
    if (answer?.outcome === 'mismatch')
      return ifMatch !== null && answer.current.revision !== ifMatch ? shown(state, answer.current) : null;
    if (ifMatch === null) return effect(state.revision);
    if (hasRevision(state, ifMatch)) return effect(ifMatch);
    return answer === null ? state : null;
  });

/** `written` with a revision above the one before, and as the answer shows it, where it shows the task. */
const write = (written: TaskState, before: number, answer: Answer | null): TaskState | null => {
  const next: TaskState = { ...written, revision: before + 1, isExact: false };
  if (answer === null) return next;
  if (answer.outcome !== 'done') return null;
  return answer.task === null ? next : shown(next, answer.task);
};
