import { z } from 'zod';
import { maxUserIdLength } from '../../../domain/user.ts';
import {
  maxDescriptionLength,
  maxTitleLength,
  parseDescription,
  parseTitle,
  type Parsed,
  type TaskDraft,
  type TaskFields,
} from '../../../domain/task.ts';

/** A schema for each of these members. */
type SchemaOf<Members> = { readonly [Member in keyof Members]-?: z.ZodType };

/** The domain checks a text; zod reports its problem together with all others of the body. */
const parsedBy =
  <Value>(parse: (text: string) => Parsed<Value>) =>
  (text: string, ctx: z.RefinementCtx): Value => {
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    ctx.addIssue({ code: 'custom', message: parsed.problem });
    return z.NEVER;
  };

const text = (what: string) =>
  z.string({ error: ({ input }) => (input === undefined ? 'is required' : `must be ${what}`) });

// JSON Schema cannot exclude lone surrogates; everything else that these patterns allow is accepted.
const printable = '[^\\u0000]*';
const visible = '[^\\s\\u0000]';

const title = text('a string')
  .transform(parsedBy(parseTitle))
  .meta({
    description: `1 to ${maxTitleLength} characters (Unicode code points) after trimming.`,
    override: {
      type: 'string',
      minLength: 1,
      maxLength: maxTitleLength,
      pattern: `^\\s*${visible}${printable}$`,
    },
  });

const description = text('a string or null')
  .transform(parsedBy(parseDescription))
  .meta({ override: { type: 'string', maxLength: maxDescriptionLength, pattern: `^${printable}$` } })
  .nullable()
  .meta({ description: `Up to ${maxDescriptionLength} characters, kept as sent, or null.` });

const completed = z.boolean({ error: 'must be true or false' });

export const taskDraft = z
  .object({
    title,
    description: description.default(null).meta({ override: { default: null } }),
    completed: completed.default(false),
  } satisfies SchemaOf<TaskDraft>)
  .meta({ id: 'TaskDraft', description: 'A task to be. Members other than these are ignored.' });

const present = (name: string) => ({ title: `with ${name}`, required: [name] });

const changeable = {
  title: title.exactOptional(),
  description: description.exactOptional(),
  completed: completed.exactOptional(),
} satisfies SchemaOf<TaskFields>;

const changeableNames = Object.keys(changeable);

export const taskChange = z
  .object(changeable)
  .refine((change) => Object.keys(change).length > 0, {
    error: `must have at least one of ${new Intl.ListFormat('en-GB').format(changeableNames)}`,
    path: ['body'],
  })
  .meta({
    id: 'TaskChange',
    description: 'What is to change, at least one member: an absent one keeps, a null description clears.',
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
    id: z.uuidv7().meta({ description: 'UUIDv7, minted by the server.' }),
    user_id: z
      .string()
      .min(1)
      .max(maxUserIdLength)
      .meta({ description: 'The owner, as the token names them.' }),
    title: z.string().min(1).max(maxTitleLength),
    description: z.string().max(maxDescriptionLength).nullable(),
    completed: z.boolean(),
    created_at: z.iso.datetime({ precision: 3 }),
    updated_at: z.iso.datetime({ precision: 3 }),
    revision: z.int().min(1).meta({ description: "The value of the owner's write counter; also the ETag." }),
  } satisfies SchemaOf<TaskFields> & Readonly<Record<string, z.ZodType>>)
  .meta({ id: 'Task' });

export type TaskResource = z.infer<typeof taskResource>;

export const taskList = z.array(taskResource);
