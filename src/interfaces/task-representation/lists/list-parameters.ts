import { z } from 'zod';
import { parseDueBound } from '../../../domain/due-date.ts';
import { parseTag } from '../../../domain/tags.ts';
import { maxSearchLength, parseSearch, statuses } from '../../../domain/task-filter.ts';
import { directions } from '../../../domain/task-order.ts';
import { priorities } from '../../../domain/task.ts';
import { parsedBy } from '../parsed-by.ts';
import { visibleText } from '../task-schemas.ts';
import { flag, parseEach, parsePriority, parseSortName, sortNames, wholeNumber } from './parameter-types.ts';

/** The maximum and the default number of tasks on a page. */
export const maxLimit = 1000;
export const maxOffset = 100_000;
export const maxPage = 100_000;

interface Documentation {
  readonly description: string;
  readonly default?: unknown;
  readonly examples?: unknown[];
}

/** An optional parameter. Default and examples are for the OpenAPI document; the reader knows the default. */
const optional = <Schema extends z.ZodType>(schema: Schema, { description, ...json }: Documentation) =>
  schema.optional().meta({ description, override: json });

/** `a,b` instead of `name=a&name=b`. */
const separatedByCommas = { param: { explode: false } };
/** The pattern of one item of a list that is separated by commas. An item is not blank. */
const withoutComma = '^\\s*[^\\s\\u0000,][^\\u0000,]*$';

const dueBound = z
  .string()
  .transform(parsedBy(parseDueBound))
  .meta({ override: { pattern: '^\\d{4}-\\d\\d-\\d\\d([Tt]\\d\\d:\\d\\d.*)?$' } });

/** The query parameters of a list by their first names. */
export const listParameters = {
  status: optional(z.enum(statuses, { error: 'must be all, pending or completed' }), {
    description: 'Which tasks.',
    default: 'all',
  }),
  completed: optional(flag, {
    description: 'The same choice in another word; must not contradict `status`.',
  }),
  priority: optional(
    z
      .string()
      .transform(parsedBy(parseEach(parsePriority)))
      .meta({ override: { type: 'array', minItems: 1, items: { type: 'string', enum: [...priorities] } } }),
    {
      description: 'The task has one of these priorities, separated by commas.',
      examples: [['high', 'medium']],
    },
  ).meta(separatedByCommas),
  tag: optional(
    z
      .string()
      .transform(parsedBy(parseTag))
      .meta({ override: { minLength: 1, pattern: visibleText } }),
    { description: 'The task has this tag, exactly.', examples: ['shopping'] },
  ),
  tags: optional(
    z
      .string()
      .transform(parsedBy(parseEach(parseTag)))
      .meta({ override: { type: 'array', minItems: 1, items: { type: 'string', pattern: withoutComma } } }),
    {
      description:
        'The task has at least one of these tags, separated by commas. Only `tag` can find a tag that has a comma.',
      examples: [['shopping', 'home']],
    },
  ).meta(separatedByCommas),
  due_after: optional(dueBound, {
    description:
      'Due then or later: a date such as `2026-11-30`, or a time as in `due_date`. A date stands for its 00:00 UTC. Tasks without ' +
      'a due date are left out.',
    examples: ['2026-11-01'],
  }),
  due_before: optional(dueBound, {
    description: 'Due earlier than then, as `due_after`. There are no tasks unless `due_after` is earlier.',
    examples: ['2026-12-01'],
  }),
  search: optional(
    z
      .string()
      .transform(parsedBy(parseSearch))
      .meta({ override: { minLength: 1, pattern: visibleText } }),
    {
      description:
        `The title or the description contains this text, 1 to ${maxSearchLength} characters after trimming. Upper and lower ` +
        'case, and canonically equivalent forms, make no difference; text is composed (NFC) before its case is folded, so ' +
        'that `i` with a combining dot (U+0307) is not `\u0130`. No character is a wildcard.',
      examples: ['milk'],
    },
  ),
  sort_by: optional(
    z
      .string()
      .transform(parsedBy(parseSortName))
      .meta({ override: { enum: [...sortNames.keys()] } }),
    {
      description:
        'What the list is ordered by. Titles are folded as for `search`, regardless of case, and compared by code point; those that ' +
        'fold alike, such as `A` and `a`, by their own code points. Tasks without a due date come last. Equal tasks: newest first.',
      default: 'created_at',
    },
  ),
  sort_order: optional(z.enum(directions, { error: 'must be asc or desc' }), {
    description:
      'The direction. By default `desc` for times of creation and change and for priorities, `asc` for titles and due dates.',
  }),
  limit: optional(wholeNumber(1, maxLimit), { description: 'The most tasks on a page.', default: maxLimit }),
  cursor: optional(z.string(), {
    description:
      'Where to go on, from the `Link` of the page before; opaque, bound to its filter, search and order. Tasks that exist ' +
      'throughout are neither skipped nor repeated.',
  }),
  offset: optional(wholeNumber(0, maxOffset), {
    description: 'How many tasks to pass over. Not together with `cursor` or `page`.',
    examples: [20],
  }),
  page: optional(wholeNumber(1, maxPage), {
    description: 'Which page, of `limit` tasks each, from 1 on. Not together with `cursor` or `offset`.',
    examples: [2],
  }),
  count: optional(flag, {
    description: '`true`: the header `X-Total-Count` is the number of all tasks that meet the filter.',
    default: false,
  }),
};

export type ListParameter = keyof typeof listParameters;

/** Other names that frontends use. Such a name and its parameter exclude each other. */
export const aliases = {
  q: 'search',
  sort: 'sort_by',
  order: 'sort_order',
  page_size: 'limit',
  per_page: 'limit',
  skip: 'offset',
} as const satisfies Readonly<Record<string, ListParameter>>;

/** The same parameter under another name. Without a default: the documentation page fills defaults in, and would send both. */
export const aliasOf = (name: ListParameter) =>
  listParameters[name].meta({
    description: `Another name of \`${name}\`, not together with it.`,
    override: {},
  });

const aliasParameters = Object.fromEntries(
  Object.entries(aliases).map(([alias, name]) => [alias, aliasOf(name)]),
);

/** All query parameters of a list, for the OpenAPI document; any other parameter is ignored. */
export const listQuery = z.object({ ...listParameters, ...aliasParameters });
