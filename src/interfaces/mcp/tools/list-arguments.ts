import { z } from 'zod';
import { listParameters } from '../../task-representation/lists/list-parameters.ts';
import { flag, wholeNumber } from '../../task-representation/lists/parameter-types.ts';
import { readListRequest, type ListRequest } from '../../task-representation/lists/read-list-request.ts';
import { unknownArguments } from './read-arguments.ts';
import { inputOf } from './tool-input.ts';
import type { Arguments } from './tool.ts';

/** A page that fits into the context of a model. */
export const defaultLimit = 50;

/** A result has each task twice, and is in memory as a whole. */
export const maxLimit = 100;

const { priority, tags, limit, cursor, count } = listParameters;

/** The filters, the search, the order and the pages of the HTTP adapter, each under its first name alone. */
export const listInput = inputOf(
  z.object({
    ...z.object(listParameters).omit({ completed: true, offset: true, page: true }).shape,
    priority: priority.meta({ description: 'The task has one of these priorities.' }),
    tags: tags.meta({
      description: 'The task has at least one of these tags. Only `tag` can find a tag that has a comma.',
    }),
    limit: limit.meta({
      description: `The most tasks on a page, 1 to ${maxLimit}.`,
      override: { default: defaultLimit, maximum: maxLimit },
    }),
    cursor: cursor.meta({
      description:
        'Where to go on: the `next_cursor` of the page before, with the same filter, search and order. Tasks that exist ' +
        'throughout are neither skipped nor repeated.',
    }),
    count: count.meta({ description: 'True: `total` is the number of all tasks that meet the filter.' }),
  }),
);

/** Throws `InvalidInput` with all problems at once. An argument that is null is absent. */
export const readListArguments = (args: Arguments): ListRequest => {
  const problems = [...unknownArguments(listInput, args)];
  const search = new URLSearchParams({ limit: `${defaultLimit}` });
  for (const [name, value] of Object.entries(args)) {
    if (value === null || value === undefined || !Object.hasOwn(listInput.properties, name)) continue;
    const isArray = listInput.properties[name]?.type === 'array';
    const { data: text } = (isArray ? listed : scalar).safeParse(value);
    const error = schemas[name]?.safeParse(text ?? '').error;
    if (text !== undefined && error === undefined) search.set(name, text);
    else
      problems.push({
        field: name,
        message: error?.issues[0]?.message ?? (isArray ? texts : 'must be a text'),
      });
  }
  return readListRequest(search, problems);
};

/** What is not a text for a model, or has another maximum than in the HTTP adapter. */
const schemas: Readonly<Record<string, z.ZodType>> = { limit: wholeNumber(1, maxLimit), count: flag };

const texts = 'must be an array of one text or more, without commas';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
/** The reader takes lists as texts that are separated by commas. */
const list = z
  .array(z.string().regex(/^[^,]*$/))
  .min(1)
  .transform((all) => all.join(','));
const listed = z.union([scalar, list]);
