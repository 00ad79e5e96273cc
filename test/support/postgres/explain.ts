import { escapeLiteral } from 'pg';
import { z } from 'zod';
import type { Database, Statement } from '../../../src/infrastructure/postgres/client/database.ts';
import type { Session } from './sql.ts';

/** A node of a plan and its children. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string | undefined;
  readonly 'Subplan Name'?: string | undefined;
  readonly 'Index Name'?: string | undefined;
  readonly 'Actual Rows'?: number | undefined;
  readonly 'Actual Loops'?: number | undefined;
  readonly 'Rows Removed by Filter'?: number | undefined;
  readonly 'Rows Removed by Index Recheck'?: number | undefined;
  readonly Plans?: readonly PlanNode[] | undefined;
}

/** A statement that a repository sent. */
export interface Recorded {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The database, and a record of the statements that it received. */
export const recording = (database: Database): { database: Database; statements: Recorded[] } => {
  const statements: Recorded[] = [];
  const record = ({ sql, values }: Statement<unknown>): void => {
    statements.push({ text: sql.replaceAll('$slonik_', '$'), values });
  };
  const rows = <Row>(statement: Statement<Row>, since?: number): Promise<readonly Row[]> => {
    record(statement);
    return database.rows(statement, since);
  };
  const write = <Row>(statement: Statement<Row>, since?: number): Promise<readonly Row[]> => {
    record(statement);
    return database.write(statement, since);
  };
  const writeAtOnce: Database['writeAtOnce'] = (statement, beginWrite) => {
    record(statement);
    return database.writeAtOnce(statement, beginWrite);
  };
  return { database: { ...database, rows, write, writeAtOnce }, statements };
};

/** Prepares a statement, executes it ten times, and returns its plan from EXPLAIN ANALYZE. */
export const planOf = async (
  session: Session,
  { text, values }: Recorded,
  mode: 'auto' | 'force_generic_plan' | 'force_custom_plan' = 'auto',
): Promise<PlanNode> => {
  await session.run(`set plan_cache_mode = ${mode}`);
  await session.run(`prepare explained as ${text}`);
  const execute = `execute explained (${values.map(literal).join(', ')})`;
  await session.run('begin');
  for (let n = 0; n < 10; n += 1) await session.run(execute);
  const [row] = await session.run(`explain (analyze, format json) ${execute}`);
  await session.run('rollback');
  await session.run('deallocate explained');
  return parsePlan(row);
};

/** The plan in the row that `EXPLAIN (FORMAT JSON)` returns. */
export const parsePlan = (row: unknown): PlanNode => explained.parse(row)['QUERY PLAN'][0].Plan;

/** The node and all its descendants. */
export const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

const literal = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? escapeLiteral(
          `{${value.map((one) => (one === null ? 'null' : JSON.stringify(String(one)))).join(',')}}`,
        )
      : escapeLiteral(String(z.union([z.string(), z.number(), z.boolean()]).parse(value)));

const planNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Subplan Name': z.string().optional(),
    'Index Name': z.string().optional(),
    'Actual Rows': z.number().optional(),
    'Actual Loops': z.number().optional(),
    'Rows Removed by Filter': z.number().optional(),
    'Rows Removed by Index Recheck': z.number().optional(),
    Plans: z.array(planNode).optional(),
  }),
);

const explained = z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: planNode })]) });
