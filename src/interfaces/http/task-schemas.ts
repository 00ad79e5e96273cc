import { z } from 'zod';
import {
  maxDescriptionLength,
  maxTitleLength,
  parseDescription,
  parseTitle,
  type Parsed,
} from '../../domain/task.ts';

/** The domain decides what a text may be; zod tells of it, beside all other problems of the same body. */
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

const title = text('a string')
  .transform(parsedBy(parseTitle))
  .meta({
    description: `1 to ${maxTitleLength} characters (Unicode code points) after trimming.`,
    example: 'Buy milk',
    override: { type: 'string', minLength: 1, maxLength: maxTitleLength },
  });

const description = text('a string or null')
  .transform(parsedBy(parseDescription))
  .nullable()
  .meta({
    description: `Up to ${maxDescriptionLength} characters, kept as sent, or null.`,
    example: 'Two litres',
    override: { type: ['string', 'null'], maxLength: maxDescriptionLength },
  });

const completed = z.boolean({ error: 'must be true or false' }).meta({ example: false });

export const taskDraft = z
  .object({ title, description: description.default(null), completed: completed.default(false) })
  .meta({ id: 'TaskDraft', description: 'A task to be. Members other than these are ignored.' });

export const taskChange = z
  .object({
    title: title.exactOptional(),
    description: description.exactOptional(),
    completed: completed.exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, {
    error: 'must have at least one of title, description and completed',
    path: ['body'],
  })
  .meta({
    id: 'TaskChange',
    description: 'What is to change, at least one member: an absent one keeps, a null description clears.',
    override: { minProperties: 1 },
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
  });

/** A task as clients see it. */
export const taskResource = z
  .object({
    id: z.uuid().meta({
      description: 'UUIDv7, minted by the server.',
      example: '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa',
    }),
    user_id: z
      .string()
      .min(1)
      .max(255)
      .meta({ description: 'The owner, as the token names them.', example: 'user-1' }),
    title: z.string().min(1).max(maxTitleLength).meta({ example: 'Buy milk' }),
    description: z.string().max(maxDescriptionLength).nullable().meta({ example: null }),
    completed: z.boolean().meta({ example: false }),
    created_at: z.iso.datetime({ precision: 3 }).meta({ example: '2026-11-21T08:00:00.000Z' }),
    updated_at: z.iso.datetime({ precision: 3 }).meta({ example: '2026-11-21T08:00:00.000Z' }),
    revision: z.int().min(1).meta({ description: "The value of the owner's write counter.", example: 41 }),
  })
  .meta({ id: 'Task' });

export type TaskResource = z.infer<typeof taskResource>;
