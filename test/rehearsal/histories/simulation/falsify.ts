import { random } from '../../../support/random.ts';
import type { Answer, Call, History, SeenTask } from '../history.ts';

/** The history with one answer about a task changed, and what was changed; null where that changes nothing. */
export const falsify = (history: History, seed: number): { history: History; change: string } | null => {
  const chance = random(seed);
  const answered = history.calls.filter(({ answer, action }) => answer !== null && action.kind !== 'create');
  if (answered.length === 0) return null;
  const call = chance.pick(answered);
  const change = chance.pick(changes);
  const answer = falseAnswer(call, change);
  if (answer === null) return null;
  const calls = history.calls.map((one) => (one === call ? { ...call, answer } : one));
  return { history: { ...history, calls }, change };
};

const changes = ['missing', 'older', 'newer', 'other title', 'other completion', 'done'] as const;

const falseAnswer = ({ answer, action }: Call, change: (typeof changes)[number]): Answer | null => {
  if (change === 'missing')
    return answer?.outcome === 'done' && action.kind !== 'empty the trash' ? { outcome: 'missing' } : null;
  if (change === 'done')
    return answer?.outcome === 'missing' && (action.kind === 'purge' || action.kind === 'delete')
      ? { outcome: 'done', task: null }
      : null;
  if (answer?.outcome !== 'done' || answer.task === null) return null;
  return { outcome: 'done', task: falseTask(answer.task, change) };
};

const falseTask = (
  task: SeenTask,
  change: 'older' | 'newer' | 'other title' | 'other completion',
): SeenTask => {
  if (change === 'older') return { ...task, revision: task.revision - 1 };
  if (change === 'newer') return { ...task, revision: task.revision + 1 };
  return change === 'other title'
    ? { ...task, title: `not ${task.title}` }
    : { ...task, completed: !task.completed };
};
