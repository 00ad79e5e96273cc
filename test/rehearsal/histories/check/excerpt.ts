import type { Action, Answer, Call, SeenTask } from '../history.ts';
import type { TaskState } from './task-model.ts';

/** How many calls before the unexplained one are shown. */
const before = 6;

/** The call that no order explains, what the task can have been, the last calls before, and all calls at the same time. */
export const excerpt = (calls: readonly Call[], call: Call, states: readonly TaskState[]): string => {
  const isOpen = ({ startedAt, endedAt }: Call): boolean =>
    startedAt <= call.endedAt && endedAt >= call.startedAt;
  const ended = calls
    .filter((other) => !isOpen(other) && other.endedAt < call.startedAt)
    .sort((a, b) => a.endedAt - b.endedAt)
    .slice(-before);
  const open = calls.filter((other) => other !== call && isOpen(other));
  return [
    `task ${call.id}: no order of the calls explains`,
    `  ${line(call)}`,
    'The task can have been:',
    ...[...new Set(states.map(stateText))].slice(0, 4).map((text) => `  ${text}`),
    'The calls before it:',
    ...ended.map((other) => `  ${line(other)}`),
    ...(open.length === 0 ? [] : ['At the same time:']),
    ...open.toSorted((a, b) => a.startedAt - b.startedAt).map((other) => `  ${line(other)}`),
  ].join('\n');
};

const line = ({ client, startedAt, endedAt, action, answer }: Call): string => {
  const end = endedAt === Infinity ? '…' : endedAt.toFixed(1);
  return `${startedAt.toFixed(1)}–${end} ${client} ${actionText(action)} → ${answerText(answer)}`;
};

const actionText = (action: Action): string => {
  const parts: string[] = [action.kind];
  if ('title' in action) parts.push(`"${action.title}"`);
  if (action.kind === 'complete') parts.push(`${action.completed ?? 'toggle'}`);
  if ('ifMatch' in action && action.ifMatch !== null) parts.push(`if ${action.ifMatch}`);
  return parts.join(' ');
};

const answerText = (answer: Answer | null): string => {
  if (answer === null) return 'no answer';
  if (answer.outcome === 'mismatch') return `mismatch, it is ${taskText(answer.current)}`;
  return answer.outcome === 'done' && answer.task !== null ? taskText(answer.task) : answer.outcome;
};

const taskText = ({ title, completed, revision }: Omit<SeenTask, 'id'>): string =>
  `"${title}" ${completed ? 'completed' : 'pending'} at ${revision}`;

const stateText = (state: TaskState): string =>
  state.place === 'nowhere' || state.place === 'gone'
    ? state.place
    : `in the ${state.place}: ${taskText(state)}${state.isExact ? '' : ' or higher'}`;
