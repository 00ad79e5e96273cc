import { cycleIn, importsOf, targetOf } from './imports.ts';

/** The entry of the package, the one file that exports what others declare. */
const entry = 'taskhold.ts';
const generated = 'api-types.ts';
const maxLines = 200;

/** The violations of the rules of the client, one line each. `sources`: the files by their path below `client/src`. */
export const clientViolations = (sources: ReadonlyMap<string, string>): readonly string[] => {
  const graph = new Map<string, readonly string[]>();
  const found: string[] = [];
  for (const [path, text] of sources) {
    const imports = importsOf(path, text);
    const targets = imports.map(({ specifier }) => targetOf(path, specifier));
    graph.set(path, targets);
    for (const [index, { specifier, isReexport }] of imports.entries()) {
      if (!specifier.startsWith('.'))
        found.push(`${path} imports ${specifier}: the client has no dependencies`);
      else if (!sources.has(targets[index] ?? ''))
        found.push(`${path} imports ${specifier}: not a file of the client`);
      if (isReexport && path !== entry) found.push(`${path} re-exports ${specifier}`);
    }
    if (path !== generated && text.trimEnd().split('\n').length > maxLines)
      found.push(`${path} has more than ${maxLines} lines`);
  }
  const cycle = cycleIn(graph);
  return cycle === null ? found : [...found, `${cycle.join(' → ')} is an import cycle`];
};
