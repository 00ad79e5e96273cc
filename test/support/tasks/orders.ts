import { directions, type TaskOrder } from '../../../src/domain/task-order.ts';

/** All orders of lists, each in both directions. */
export const orders: readonly TaskOrder[] = (
  ['createdAt', 'updatedAt', 'title', 'dueDate', 'priority'] as const
).flatMap((by) => directions.map((direction) => ({ by, direction })));
