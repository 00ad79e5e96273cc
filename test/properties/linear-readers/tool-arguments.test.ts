import { readListArguments } from '../../../src/interfaces/mcp/tools/list-arguments.ts';
import { readArguments } from '../../../src/interfaces/mcp/tools/read-arguments.ts';
import { inputOf } from '../../../src/interfaces/mcp/tools/tool-input.ts';
import { targetArguments } from '../../../src/interfaces/mcp/tools/write-arguments.ts';
import { hostileTexts, itReadsInLinearTime } from '../../support/linear-reader.ts';

const input = inputOf(targetArguments);
const read = (args: Readonly<Record<string, unknown>>) => readArguments(targetArguments, input, args);
const names = (size: number): readonly string[] =>
  Array.from({ length: Math.ceil(size / 8) }, (_, n) => n.toString(36));

describe('arguments of MCP tools are read in linear time', () => {
  for (const name of ['search', 'tags', 'priority', 'due_after', 'cursor', 'limit'])
    itReadsInLinearTime(
      `given a text as ${name}`,
      (text: string) => readListArguments({ [name]: text }),
      hostileTexts('', '', ['\ufb2c', '\u0301\u0323']),
    );
  itReadsInLinearTime(
    'given many elements of an array',
    (tags: readonly string[]) => readListArguments({ tags }),
    {
      'different texts': names,
      'the same text': (size) => names(size).map(() => 'a'),
      'texts with commas': (size) => names(size).map(() => ','),
    },
  );
  itReadsInLinearTime(
    'given many arguments that no tool has',
    (many: Readonly<Record<string, unknown>>) => read({ id: 'x', ...many }),
    { 'different names': (size) => Object.fromEntries(names(size).map((name) => [name, 1])) },
  );
  itReadsInLinearTime('given an id', (id: string) => read({ id }), hostileTexts());
  itReadsInLinearTime(
    'given a key',
    (idempotency_key: string) => read({ id: 'x', idempotency_key }),
    hostileTexts(),
  );
});
