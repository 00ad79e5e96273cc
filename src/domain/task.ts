import type { Branded } from './brand.ts';
import type { DueDate } from './due-date.ts';
import type { Instant } from './instant.ts';
import type { Parsed } from './parsed.ts';
import type { Tag } from './tags.ts';
import { countCharacters, storageProblem } from './text.ts';
import type { UserId } from './user.ts';

/** A UUIDv7 in its canonical form: 36 characters, lower case. */
export type TaskId = Branded<string, 'TaskId'>;
/** 1 to 200 characters after trimming, without U+0000 and lone surrogates. */
export type Title = Branded<string, 'Title'>;
/** 0 to 1000 characters, kept as sent, without U+0000 and lone surrogates. */
export type Description = Branded<string, 'Description'>;
/** A value of the owner's write counter: never repeated, growing in commit order, 0 before the first write. */
export type Revision = Branded<number, 'Revision'>;

/** From low to high, the order of their values. */
export const priorities = ['low', 'medium', 'high'] as const;
export type Priority = (typeof priorities)[number];

/** What a client sets. */
export interface TaskFields {
  readonly title: Title;
  readonly description: Description | null;
  readonly completed: boolean;
  readonly priority: Priority;
  readonly dueDate: DueDate | null;
  /** At most 20, each of them once. */
  readonly tags: readonly Tag[];
}

/** The fields of a new task that the client does not name. */
export const defaultFields: Omit<TaskFields, 'title'> = {
  description: null,
  completed: false,
  priority: 'medium',
  dueDate: null,
  tags: Object.freeze([]),
};

/** A stored task. */
export interface Task extends TaskFields {
  readonly id: TaskId;
  readonly owner: UserId;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly revision: Revision;
}

/** A deleted task that can be restored: as it was, but for its revision, which is that of the deletion. */
export interface TrashedTask extends Task {
  readonly deletedAt: Instant;
}

/** The fields of a task to create. */
export type TaskDraft = TaskFields;

/** What may change: an absent member keeps, null clears where it is allowed, `toggle` inverts `completed`. */
export interface TaskChange extends Partial<Omit<TaskFields, 'completed'>> {
  readonly completed?: boolean | 'toggle';
}

/** The task with this change; its revision is that of the task. `updatedAt` becomes `at`, but never goes back. */
export const applyChange = (task: Task, change: TaskChange, at: Instant): Task => ({
  ...task,
  ...change,
  completed: change.completed === 'toggle' ? !task.completed : (change.completed ?? task.completed),
  updatedAt: latest(task.updatedAt, at),
});

/** The task as it was before it was deleted; its revision is that of the deletion. `updatedAt` becomes `at`, but never goes back. */
export const restoredTask = ({ deletedAt: _, ...task }: TrashedTask, at: Instant): Task => ({
  ...task,
  updatedAt: latest(task.updatedAt, at),
});

const latest = (one: Instant, other: Instant): Instant => (one > other ? one : other);

/** The longest title after trimming, in code points. */
export const maxTitleLength = 200;
/** The longest description, in code points. */
export const maxDescriptionLength = 1000;

/** Trims as JavaScript does, then counts. */
export const parseTitle = (text: string): Parsed<Title> => parsed(text.trim(), isTitle, titleProblem);

/** Keeps the text as it is, and counts code points. */
export const parseDescription = (text: string): Parsed<Description> =>
  parsed(text, isDescription, descriptionProblem);

const parsed = <Text extends string>(
  text: string,
  keepsRules: (text: string) => text is Text,
  problem: (text: string) => string,
): Parsed<Text> => (keepsRules(text) ? { ok: true, value: text } : { ok: false, problem: problem(text) });

const isTitle = (text: string): text is Title => titleProblem(text) === '';
const isDescription = (text: string): text is Description => descriptionProblem(text) === '';

/** The problem, or an empty string. */
const titleProblem = (text: string): string => {
  const length = countCharacters(text);
  return length >= 1 && length <= maxTitleLength
    ? storageProblem(text)
    : `must have 1 to ${maxTitleLength} characters`;
};

const descriptionProblem = (text: string): string =>
  countCharacters(text) <= maxDescriptionLength
    ? storageProblem(text)
    : `must have at most ${maxDescriptionLength} characters`;

const canonicalUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** No task can have an id that is not a UUID in its canonical form. */
export const isTaskId = (text: string): text is TaskId => canonicalUuid.test(text);

/** The nil UUID (RFC 9562, section 5.9), which no task has. */
const nil = '00000000-0000-0000-0000-000000000000';

/** The id in `text`; the nil UUID where `text` is none, so that a malformed id is handled as an unknown one. */
export const readTaskId = (text: string): TaskId => (isTaskId(text) ? text : readTaskId(nil));

/** True for a counter's value: 0, before the owner's first write, or more. */
export const isRevision = (value: number): value is Revision => Number.isSafeInteger(value) && value >= 0;
