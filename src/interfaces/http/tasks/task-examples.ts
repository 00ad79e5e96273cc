import type { z } from 'zod';
import type {
  taskChange,
  taskDraft,
  TaskResource,
  TrashedTaskResource,
} from '../../task-representation/task-schemas.ts';

/** Examples in the OpenAPI document. A test sends each request and compares the response with these examples. */
export const aTask: TaskResource = {
  id: '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa',
  user_id: 'user-1',
  title: 'Buy milk',
  description: null,
  completed: false,
  priority: 'medium',
  due_date: '2026-11-30',
  tags: ['shopping'],
  created_at: '2026-11-21T08:00:00.000Z',
  updated_at: '2026-11-21T08:00:00.000Z',
  revision: 41,
};

export const aTrashedTask: TrashedTaskResource = {
  ...aTask,
  revision: 42,
  deleted_at: '2026-11-22T08:00:00.000Z',
};

const everyField: Required<z.input<typeof taskDraft>> = {
  title: 'Buy milk',
  description: 'Two litres',
  completed: false,
  priority: 'high',
  due_date: '2026-11-30T17:00:00+01:00',
  tags: ['shopping', 'kitchen'],
};

const everyChange: Required<z.input<typeof taskChange>> = {
  title: 'Buy oat milk',
  description: 'One litre',
  completed: true,
  priority: 'low',
  due_date: '2026-12-01',
  tags: ['shopping'],
};

export const draftExamples = {
  'A title is enough': { title: 'Buy milk' },
  'Every field': everyField,
};

export const changeExamples = {
  'Change the title': { title: 'Buy oat milk' },
  'Change every field': everyChange,
  'Clear the description and the due date': { description: null, due_date: null },
};

export const completionExamples = {
  'Complete it': { completed: true },
  'Set it to not completed': { completed: false },
  'Toggle it': {},
};
