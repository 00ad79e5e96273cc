import { parseConnectionUri, printable } from './connection-uri.ts';
import { knownParameters, type Given } from './parameters.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The parameters of a connection, and every problem: each is a sentence that names the variable, and no value. */
export interface Parameters {
  readonly given: ReadonlyMap<string, Given>;
  readonly problems: readonly string[];
}

/** The parameters of a URI, and the PG… variables of libpq for those that it lacks. Empty values count as unset. */
export const readParameters = (uri: string, environment: Environment): Parameters => {
  const { parameters, problems } = parseConnectionUri(uri);
  const given = new Map<string, Given>();
  const found = problems.map((problem) => `DATABASE_URL ${problem}`);

  for (const [name, { variable }] of Object.entries(knownParameters)) {
    const value = parameters.get(name);
    const other = variable === undefined ? undefined : environment[variable];
    if (value !== undefined) given.set(name, { value, source: `DATABASE_URL: ${name}` });
    else if (other && variable !== undefined) given.set(name, { value: other, source: variable });
  }
  for (const name of parameters.keys())
    if (!Object.hasOwn(knownParameters, name))
      found.push(`DATABASE_URL has an unknown parameter: ${printable(name)}`);
  for (const [name, { value, source }] of given) {
    const { accept, rule = '' } = knownParameters[name] ?? {};
    if (accept?.test(value) === false) found.push(`${source} ${rule}`);
  }
  // In one place they would contradict each other; a URI takes precedence over the environment.
  if (parameters.has('ssl')) {
    if (parameters.has('sslmode')) found.push('DATABASE_URL has both ssl and sslmode; remove ssl');
    else given.delete('sslmode');
  }
  return { given, problems: found };
};
