import { z } from 'zod';
import type { FieldProblem } from '../../../domain/errors.ts';
import { InvalidInput } from '../../task-representation/invalid-input.ts';
import type { Arguments, ObjectSchema } from './tool.ts';

/** Reads arguments by their schema. Throws {@link InvalidInput} with all problems at once. */
export const readArguments = <Value>(schema: z.ZodType<Value>, input: ObjectSchema, args: Arguments): Value =>
  readBoth(schema, anything, input, args)[0];

const anything = z.unknown();

/** As {@link readArguments}, by two schemas with a part of the arguments each. */
export const readBoth = <One, Other>(
  one: z.ZodType<One>,
  other: z.ZodType<Other>,
  input: ObjectSchema,
  args: Arguments,
): readonly [One, Other] => {
  const [first, second] = [one.safeParse(args), other.safeParse(args)];
  const issues = [first, second].flatMap(({ error }) => error?.issues ?? []);
  const problems = [
    ...unknownArguments(input, args),
    ...issues.map(({ path, message }) => ({ field: path.join('.') || 'arguments', message })),
  ];
  if (!first.success || !second.success || problems.length > 0)
    throw new InvalidInput('invalid_task', problems);
  return [first.data, second.data];
};

/** Problems of arguments that the tool does not have: a model would not notice that one is ignored. */
export const unknownArguments = ({ properties }: ObjectSchema, args: Arguments): readonly FieldProblem[] =>
  Object.keys(args)
    .filter((name) => !Object.hasOwn(properties, name))
    .slice(0, maxUnknown)
    .map((field) => ({ field: field.slice(0, maxName), message: 'is not an argument of this tool' }));

const maxUnknown = 10;
const maxName = 50;
