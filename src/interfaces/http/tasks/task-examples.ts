import type { TaskResource } from './task-schemas.ts';

/** What the OpenAPI document shows of tasks. A test sends each, and finds the answers as they are shown here. */
export const aTask: TaskResource = {
  id: '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa',
  user_id: 'user-1',
  title: 'Buy milk',
  description: null,
  completed: false,
  created_at: '2026-11-21T08:00:00.000Z',
  updated_at: '2026-11-21T08:00:00.000Z',
  revision: 41,
};

export const draftExamples = {
  'A title is enough': { title: 'Buy milk' },
  'Everything that can be said': { title: 'Buy milk', description: 'Two litres', completed: false },
};

export const changeExamples = {
  'Change the title': { title: 'Buy oat milk' },
  'Change the rest': { description: 'Two litres', completed: true },
  'Clear the description': { description: null },
};

export const completionExamples = {
  'Complete it': { completed: true },
  'Take it back': { completed: false },
  'Turn it around': {},
};
