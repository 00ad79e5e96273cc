import { expect } from 'chai';
import { readTaskFields } from '../../../src/interfaces/task-representation/read-task-fields.ts';
import { readJson } from '../../../src/interfaces/http/request/body-parser.ts';
import {
  taskChange,
  taskCompletion,
  taskDraft,
} from '../../../src/interfaces/task-representation/task-schemas.ts';
import { httpContext } from '../../support/http/http-context.ts';
import { hostileTexts, itReadsInLinearTime } from '../../support/linear-reader.ts';

const readTask = async (body: string) => {
  const { json } = await readJson(httpContext({ headers: { 'content-type': 'application/json' }, body }));
  return readTaskFields(taskDraft, json);
};

const members = (size: number, name: (index: number) => string): string =>
  `{${Array.from({ length: Math.ceil(size / 16) }, (_, index) => `"${name(index)}":1`).join()},"title":"a"}`;

describe('a body is read in linear time', () => {
  it('given a body of 60 kB: read to its end', async () => {
    expect(await readTask(members(60_000, (index) => `member-${index}`))).to.include({ title: 'a' });
  });

  itReadsInLinearTime('given JSON', readTask, {
    'arrays in arrays': (size) => `{"title":${'['.repeat(size / 2)}${']'.repeat(size / 2)}}`,
    'objects in objects': (size) => `{"x":${'{"a":'.repeat(size / 6)}1${'}'.repeat(size / 6)},"title":"a"}`,
    'unclosed arrays': (size) => `{"title":${'['.repeat(size)}`,
    'many members': (size) => members(size, (index) => `member-${index}`),
    'many members with numeric names': (size) => members(size, (index) => `${index * 65_536}`),
    'one repeated member': (size) => members(size, () => '__proto__'),
    escapes: (size) => `{"title":"${'\\u0061'.repeat(size / 6)}"}`,
    'a number': (size) => `{"title":${'9'.repeat(size)}}`,
    'an exponent': (size) => `{"title":1e${'9'.repeat(size)}}`,
    blanks: (size) => `${' '.repeat(size)}x`,
  });

  const texts = ['\n', '\u00a0', '\u{1f600}', '\ud800', '\0'];
  itReadsInLinearTime(
    'given a title',
    (title) => readTaskFields(taskDraft, { title }),
    hostileTexts('', '', texts),
  );
  itReadsInLinearTime(
    'given a title between blanks',
    (title) => readTaskFields(taskDraft, { title }),
    hostileTexts(' a', 'a ', texts),
  );
  itReadsInLinearTime(
    'given a description',
    (description) => readTaskFields(taskChange, { description }),
    hostileTexts('', '', texts),
  );
  const dates = ['2026-', '-11', 'T08:', ':00', '00.', '9', '+01:00', 'Z'];
  itReadsInLinearTime('given a due date', (due_date) => readTaskFields(taskChange, { due_date }), {
    ...hostileTexts('', '', dates),
    ...hostileTexts('2026-11-30T08:00:00.', 'Z', dates),
  });
  itReadsInLinearTime(
    'given a tag',
    (tag) => readTaskFields(taskChange, { tags: [tag] }),
    hostileTexts('', '', texts),
  );
  itReadsInLinearTime('given tags', (tags) => readTaskFields(taskChange, { tags }), {
    'the same tag': (size) => Array.from({ length: size / 4 }, () => 'a'),
    'different tags': (size) => Array.from({ length: size / 8 }, (_, n) => `tag${n}`),
    'invalid tags': (size) => Array.from({ length: size / 4 }, () => ''),
  });
  itReadsInLinearTime(
    'given a priority',
    (priority) => readTaskFields(taskChange, { priority }),
    hostileTexts('', '', texts),
  );
  itReadsInLinearTime(
    'given a value for completed',
    (completed) => readTaskFields(taskCompletion, { completed }),
    hostileTexts('', '', texts),
  );
});
