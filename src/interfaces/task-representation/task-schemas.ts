import { z } from 'zod';
import { parseDueDate } from '../../domain/due-date.ts';
import type { Parsed } from '../../domain/parsed.ts';
import { maxTagLength, maxTags, parseTag, parseTags, type Tag } from '../../domain/tags.ts';
import {
  defaultFields,
  maxDescriptionLength,
  maxTitleLength,
  parseDescription,
  parseTitle,
  priorities,
  type TaskDraft,
  type TaskFields,
} from '../../domain/task.ts';
import { maxUserIdLength } from '../../domain/user.ts';
import { eachParsedBy, parsedBy } from './parsed-by.ts';

/** `dueDate` as `due_date`. */
type SnakeCase<Name> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Name;

/** A schema for each of these members, under its name in JSON. */
type SchemaOf<Members> = { readonly [Member in keyof Members as SnakeCase<Member>]-?: z.ZodType };

const text = (what: string) =>
  z.string({ error: ({ input }) => (input === undefined ? 'is required' : `must be ${what}`) });

// The schemas of requests refuse nothing that the service accepts. So they have no limit where it counts after trimming, or without
// repeated tags. JSON Schema cannot exclude lone surrogates either; everything else that these patterns allow is accepted.
const printable = '[^\\u0000]*';
/** The pattern of a text that is not blank. */
export const visibleText = `^\\s*[^\\s\\u0000]${printable}$`;

const title = text('a string')
  .transform(parsedBy(parseTitle))
  .meta({
    description: `1 to ${maxTitleLength} characters (Unicode code points) after trimming.`,
    override: { minLength: 1, pattern: visibleText },
  });

const description = text('a string or null')
  .transform(parsedBy(parseDescription))
  .meta({ override: { maxLength: maxDescriptionLength, pattern: `^${printable}$` } })
  .nullable()
  .meta({ description: `Up to ${maxDescriptionLength} characters, kept as sent, or null.` });

const completed = z.boolean({ error: 'must be true or false' });

const priority = z
  .enum(priorities, { error: `must be ${priorities.join(', ')} or null` })
  .nullable()
  .transform((value) => value ?? defaultFields.priority)
  .meta({ description: `One of ${priorities.join(', ')}. Null stands for ${defaultFields.priority}.` });

const dueDate = text('a string or null')
  .transform(parsedBy(parseDueDate))
  .meta({ override: { pattern: '^(\\d{4}-\\d\\d-\\d\\d([Tt]\\d\\d:\\d\\d.*)?)?$' } })
  .nullable()
  .meta({
    description:
      'A date, or a date and time of RFC 3339, from 1970 to 9999 in UTC. Seconds, fraction and offset may be missing; without an ' +
      'offset it is UTC. A time is returned in UTC with milliseconds. Null, or an empty string: no due date.',
  });

const readTag = (item: unknown): Parsed<Tag> =>
  typeof item === 'string' ? parseTag(item) : { ok: false, problem: 'must be a string' };

const tags = z
  .array(z.unknown(), { error: 'must be an array of strings or null' })
  .meta({ override: { items: { type: 'string', pattern: visibleText } } })
  .transform(eachParsedBy(readTag, parseTags))
  .nullable()
  .transform((value) => value ?? defaultFields.tags)
  .meta({
    description:
      `Up to ${maxTags} tags, each of 1 to ${maxTagLength} characters after trimming. A tag that is given twice is kept once. Null ` +
      'stands for none.',
  });

export const taskDraft = z
  .object({
    title,
    description: description.default(null).meta({ override: { default: null } }),
    completed: completed.default(defaultFields.completed),
    priority: priority
      .default(defaultFields.priority)
      .meta({ override: { default: defaultFields.priority } }),
    due_date: dueDate.default(null).meta({ override: { default: null } }),
    tags: tags.default(defaultFields.tags).meta({ override: { default: [] } }),
  } satisfies SchemaOf<TaskDraft>)
  .meta({ id: 'TaskDraft', description: 'The fields of a new task. Members other than these are ignored.' });

const present = (name: string) => ({ title: `with ${name}`, required: [name] });

const changeable = {
  title: title.exactOptional(),
  description: description.exactOptional(),
  completed: completed.exactOptional(),
  priority: priority.exactOptional(),
  due_date: dueDate.exactOptional(),
  tags: tags.exactOptional(),
} satisfies SchemaOf<TaskFields>;

const changeableNames = Object.keys(changeable);

export const taskChange = z
  .object(changeable)
  .refine((change) => Object.keys(change).length > 0, {
    error: `must have at least one of ${new Intl.ListFormat('en-GB').format(changeableNames)}`,
  })
  .meta({
    id: 'TaskChange',
    description:
      'What is to change, at least one member: an absent one keeps, null clears where it is allowed.',
    override: { anyOf: changeableNames.map(present) },
  });

export const taskCompletion = z
  .looseObject({ completed: completed.exactOptional() })
  .refine((body) => 'completed' in body || Object.keys(body).length === 0, {
    error: 'must be true or false',
    path: ['completed'],
  })
  .meta({
    id: 'TaskCompletion',
    description: 'Nothing or `{}` turns `completed` around; true or false sets it.',
    override: { anyOf: [present('completed'), { title: 'nothing', maxProperties: 0 }] },
  });

/** A task as clients see it. */
export const taskResource = z
  .object({
    id: z.uuidv7().meta({ description: 'UUIDv7, generated by the server.' }),
    user_id: z
      .string()
      .min(1)
      .max(maxUserIdLength)
      .meta({ description: 'The owner, as the token names them.' }),
    title: z.string().min(1).max(maxTitleLength),
    description: z.string().max(maxDescriptionLength).nullable(),
    completed: z.boolean(),
    priority: z.enum(priorities),
    due_date: z
      .string()
      .regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3}Z)?$/)
      .nullable()
      .meta({ description: 'A date, or a time in UTC.' }),
    tags: z.array(z.string().min(1).max(maxTagLength)).max(maxTags),
    created_at: z.iso.datetime({ precision: 3 }),
    updated_at: z.iso.datetime({ precision: 3 }),
    revision: z.int().min(1).meta({ description: "The value of the owner's write counter; also the ETag." }),
  } satisfies SchemaOf<TaskFields> & Readonly<Record<string, z.ZodType>>)
  .meta({ id: 'Task', description: 'A task of a user.' });

export type TaskResource = z.infer<typeof taskResource>;

export const taskList = z.array(taskResource);

/** A deleted task as clients see it. */
const trashedTaskResource = taskResource
  .extend({ deleted_at: z.iso.datetime({ precision: 3 }) })
  .meta({ id: 'TrashedTask', description: 'A task in the trash.' });

export type TrashedTaskResource = z.infer<typeof trashedTaskResource>;

export const trashList = z.array(trashedTaskResource);
