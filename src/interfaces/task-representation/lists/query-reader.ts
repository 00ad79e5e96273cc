import type { z } from 'zod';
import type { FieldProblem } from '../../../domain/errors.ts';

/** Reads the parameters of a query one by one, and collects the problems of all of them. */
export interface QueryReader<Name extends string> {
  readonly problems: FieldProblem[];
  /** The text of a parameter, also under another name; undefined where it is absent. */
  readonly textOf: (name: Name) => string | undefined;
  /** The value of a parameter, also under another name; undefined where it is absent or not valid. */
  readonly read: <Value>(name: Name, schema: z.ZodType<Value>) => Value | undefined;
  /** Reports these parameters where more than one of them is given. */
  readonly exclude: (...names: readonly Name[]) => void;
}

/** `aliases`: other names of parameters. The reader takes time that is linear in the length of the query. */
export const queryReader = <Name extends string>(aliases: Readonly<Record<string, Name>>) => {
  const aliasesOf = Map.groupBy(Object.keys(aliases), (alias) => aliases[alias]);

  return (search: URLSearchParams): QueryReader<Name> => {
    const problems: FieldProblem[] = [];
    const given = Map.groupBy(search, ([name]) => name);

    /** The names under which the request has the parameter. */
    const used = (name: Name): readonly string[] => {
      const others = aliasesOf.get(name)?.filter((alias) => given.has(alias)) ?? [];
      return given.has(name) ? [name, ...others] : others;
    };

    const readUnder = <Value>(name: string, schema: z.ZodType<Value>): Value | undefined => {
      const [first, ...others] = given.get(name) ?? [];
      const parsed = schema.safeParse(first?.[1]);
      if (others.length > 0) problems.push({ field: name, message: 'must be given once' });
      else problems.push(...(parsed.error?.issues ?? []).map(({ message }) => ({ field: name, message })));
      return parsed.data;
    };

    const refuseMany = ([first, ...others]: readonly string[]): void => {
      for (const field of others)
        problems.push({ field, message: `must not be given together with ${first ?? ''}` });
    };

    return {
      problems,
      textOf: (name) => given.get(used(name)[0] ?? name)?.[0]?.[1],
      read: (name, schema) => {
        const names = used(name);
        refuseMany(names);
        return names.map((one) => readUnder(one, schema))[0];
      },
      exclude: (...names) => refuseMany(names.flatMap((name) => used(name).slice(0, 1))),
    };
  };
};
