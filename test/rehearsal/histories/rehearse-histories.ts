import { inBatches, numbers } from '../../support/in-batches.ts';
import { checkHistory } from './check/check-history.ts';
import { startTeam, type Team } from './record/team.ts';

/** A line of the second table. */
export interface HistoryRow {
  readonly scenario: string;
  readonly requests: number;
  /** Requests without a result: refused, or without an answer that the client has waited for. */
  readonly failed: number;
  /** Writes without an answer: done or not. */
  readonly 'without an answer': number;
  readonly tasks: number;
  /** Calls of all tasks, and reads of them by lists and by `changes`. */
  readonly 'calls of tasks': number;
  readonly undecided: number;
  readonly 'changes followed': number;
  readonly 'check (ms)': number;
}

export interface HistoryResult {
  readonly row: HistoryRow;
  /** Descriptions of up to three violations of each kind. */
  readonly notLinearizable: readonly string[];
  readonly undecided: readonly string[];
  readonly revisions: readonly string[];
  readonly followers: readonly string[];
  /** Answers that the contract does not allow. */
  readonly wrong: readonly string[];
}

export interface Teams {
  /** Ends the calls. */
  stop(): Promise<void>;
  /** After `stop`, when the service is well: lets the followers catch up, and checks all histories. */
  check(scenario: string): Promise<HistoryResult>;
  close(): Promise<void>;
}

const teamCount = 3;
const shownViolations = 3;

/** Starts several users whose calls are recorded; see {@link Team}. */
export const startTeams = async (port: number): Promise<Teams> => {
  const teams = await Promise.all(numbers(teamCount).map(() => startTeam(port)));
  return {
    stop: async () => {
      await Promise.all(teams.map((team) => team.stop()));
    },
    check: async (scenario) => {
      const followers = (await inBatches(teamCount, teams, (team) => team.finish())).flat();
      return { followers: followers.slice(0, shownViolations), ...checkTeams(scenario, teams) };
    },
    close: async () => {
      await Promise.all(teams.map((team) => team.close()));
    },
  };
};

const checkTeams = (scenario: string, teams: readonly Team[]): Omit<HistoryResult, 'followers'> => {
  const start = performance.now();
  const histories = teams.map(({ history }) => history);
  const verdicts = histories.map(checkHistory);
  const checkMs = performance.now() - start;
  const sum = <Item>(items: readonly Item[], count: (item: Item) => number): number =>
    items.reduce((total, item) => total + count(item), 0);
  return {
    notLinearizable: verdicts.flatMap((one) => one.notLinearizable).slice(0, shownViolations),
    undecided: verdicts.flatMap((one) => one.undecided).slice(0, shownViolations),
    revisions: verdicts.flatMap((one) => one.revisions).slice(0, shownViolations),
    wrong: histories.flatMap(({ wrong }) => wrong).slice(0, shownViolations),
    row: {
      scenario,
      requests: sum(histories, ({ requests }) => requests),
      failed: sum(histories, ({ failures }) => failures),
      'without an answer': sum(
        histories,
        ({ calls }) => calls.filter(({ answer }) => answer === null).length,
      ),
      tasks: sum(verdicts, ({ tasks }) => tasks),
      'calls of tasks': sum(verdicts, ({ callsOfTasks }) => callsOfTasks),
      undecided: sum(verdicts, ({ undecided }) => undecided.length),
      'changes followed': sum(teams, ({ applied }) => applied),
      'check (ms)': Math.round(checkMs),
    },
  };
};
