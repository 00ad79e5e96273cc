/* Writes the documentation of each variable from src/config/variables.ts to README.md and .env.example: `npm run docs`. */
import { readFile, writeFile } from 'node:fs/promises';
import { variables } from '../src/config/variables.ts';

interface Variable {
  readonly name: string;
  /** The default as text; empty if there is none. */
  readonly fallback: string;
  readonly meaning: string;
}

const described = (): readonly Variable[] =>
  Object.entries(variables).map(([name, variable]) => {
    const { data } = variable.safeParse(undefined);
    return {
      name,
      fallback: toText(data),
      meaning: variable.description ?? '',
    };
  });

const toText = (value: unknown): string => {
  if (Array.isArray(value)) return value.filter((entry) => typeof entry === 'string').join(',');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
};

const [begin, end] = ['<!-- configuration -->', '<!-- /configuration -->'];

/** The README with the current table of variables. */
export const withTable = (readme: string): string => {
  const rows = described().map(
    ({ name, fallback, meaning }) =>
      `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${meaning} |`,
  );
  const table = ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
  const [before, rest] = split(readme, begin);
  const [, after] = split(rest, end);
  return `${before}${begin}\n<!-- prettier-ignore-start -->\n\n${table}\n\n<!-- prettier-ignore-end -->\n${end}${after}`;
};

const split = (text: string, mark: string): readonly [string, string] => {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`README.md has no ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
};

/** The current `.env.example`. A copy of it as `.env` changes nothing until it is edited. */
export const example = (): string => {
  const head = comment(
    'Every variable, with its default. Copy this file to .env and change what you need; an empty one counts as not set.',
  );
  const entries = described().map(
    ({ name, fallback, meaning }) => `${comment(meaning)}\n${name}=${fallback}\n`,
  );
  return `${head}\n\n${entries.join('\n')}`;
};

/** Wraps a comment at 100 characters. */
const comment = (text: string): string =>
  text
    .split(' ')
    .reduce<string[]>((lines, word) => {
      const last = lines.at(-1) ?? '#';
      return last.length + 1 + word.length > 100
        ? [...lines, `# ${word}`]
        : [...lines.slice(0, -1), `${last} ${word}`];
    }, [])
    .join('\n');

export const readmeFile = new URL('../README.md', import.meta.url);
export const exampleFile = new URL('../.env.example', import.meta.url);

if (import.meta.main) {
  await writeFile(readmeFile, withTable(await readFile(readmeFile, 'utf8')));
  await writeFile(exampleFile, example());
}
