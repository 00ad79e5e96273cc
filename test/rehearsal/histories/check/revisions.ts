import type { History, SeenTask, Sighting } from '../history.ts';

/**
 * Violations of the order of revisions, as descriptions:
 *
 * - A list, an answer of `changes` or the first event of a stream shows a counter below a revision that any client has seen by a
 *   call that had ended before this one started. A write returns a revision that is not above all of those.
 * - An event of a stream is not above the one before it. Later events have no other lower bound: one can be under way while
 *   another client already sees more. An event was seen when it arrived. So the first event of the next stream of a client, with
 *   `Last-Event-ID` or without, is not below any event of its streams before.
 * - Two tasks, or two contents of one task, have the same revision.
 */
export const revisionViolations = (history: History): readonly string[] => [
  ...goingBack(history.sightings),
  ...history.streams.flatMap(disorder),
  ...repeated(history),
];

const goingBack = (sightings: readonly Sighting[]): readonly string[] => {
  const ended = sightings.toSorted((a, b) => a.endedAt - b.endedAt);
  const violations: string[] = [];
  let next = 0;
  let highest: Sighting | undefined;
  for (const sighting of sightings.toSorted((a, b) => a.startedAt - b.startedAt)) {
    for (; (ended[next]?.endedAt ?? Infinity) < sighting.startedAt; next += 1)
      if ((ended[next]?.revision ?? 0) > (highest?.revision ?? 0)) highest = ended[next];
    if (highest !== undefined && isTooLow(sighting, highest.revision))
      violations.push(`${describe(sighting)}, after ${describe(highest)}`);
  }
  return violations;
};

const isTooLow = ({ rule, revision }: Sighting, seen: number): boolean =>
  rule === 'new' ? revision <= seen : rule === 'counter' && !(revision >= seen);

const describe = ({ client, what, startedAt, endedAt, revision }: Sighting): string =>
  `${client}: ${what} from ${startedAt.toFixed(1)} to ${endedAt.toFixed(1)} ms shows revision ${revision}`;

const disorder = (revisions: readonly number[]): readonly string[] =>
  revisions.flatMap((revision, n) =>
    revision > (revisions[n - 1] ?? -1) ? [] : [`event ${revision} comes after event ${revisions[n - 1]}`],
  );

const repeated = ({ calls, snapshots }: History): readonly string[] => {
  const contents = new Map<number, string>();
  const violations = new Set<string>();
  const note = ({ id, title, completed, revision }: SeenTask): void => {
    const content = `${id} "${title}" ${completed ? 'completed' : 'pending'}`;
    const known = contents.get(revision) ?? content;
    contents.set(revision, known);
    if (known !== content) violations.add(`revision ${revision} is ${known}, and ${content}`);
  };
  for (const { answer } of calls) {
    if (answer?.outcome === 'done' && answer.task !== null) note(answer.task);
    if (answer?.outcome === 'mismatch') note(answer.current);
  }
  for (const { tasks } of snapshots) for (const task of tasks.values()) if (task !== null) note(task);
  return [...violations];
};
