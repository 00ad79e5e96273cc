import { sql } from 'slonik';
import { z } from 'zod';
import { isInstant, type Instant } from '../../../domain/instant.ts';
import { isRevision, type Revision } from '../../../domain/task.ts';
import { columns, comma, readColumn, rowMembers, type TaskRow } from './columns.ts';

export const instant = z.custom<Instant>((value) => typeof value === 'string' && isInstant(value));
export const revision = z.custom<Revision>((value) => typeof value === 'number' && isRevision(value));

/** The members of a {@link TaskRow}, from a relation that the statement calls `task`. */
export const taskColumns = sql.join(
  rowMembers.map((member) => sql.fragment`${readColumn(member)} AS ${sql.identifier([member])}`),
  comma,
);

/** Rows that have these columns besides those of a task. Checked as a whole: zod's objects cost a list twice the time. */
export const taskRow = <ExtraColumns extends object>(hasExtraColumns: (row: object) => row is ExtraColumns) =>
  z.custom<TaskRow & ExtraColumns>((row) => isRecord(row) && isTaskRow(row) && hasExtraColumns(row));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isTaskRow = (
  row: Readonly<Record<string, unknown>>,
): row is Readonly<Record<string, unknown>> & TaskRow =>
  rowMembers.every((member) => columns[member].isValue(row[member]));
