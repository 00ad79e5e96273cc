import fc from 'fast-check';
import { isStorable } from '../../../src/domain/text.ts';
import { priorities, type TaskChange, type TaskDraft } from '../../../src/domain/task.ts';
import { bareFields, description, dueDate, fullFields, otherFields, tags, title } from './tasks.ts';

/** Parts of texts that compare in different ways with and without folding, and in different locales. */
const parts = [
  ...['a', 'A', 'b', 'B', 'ab', '1', '10', ' ', '  ', '\n', '-'],
  ...['%', '_', '\\', "'", '"', '{', '}', ',', 'NULL'],
  ...['i', 'I', '\u0130', '\u0131', 'i\u0307', 'ss', 'SS', '\u00df', '\u1e9e', '\u03c3', '\u03c2', '\u03a3'],
  ...['e', '\u00e9', 'e\u0301', 'E\u0301', '\u00c5', '\u212b', 'A\u030a', 'k', '\u212a', '\u01c6', '\u01c5'],
  ...[
    '\u0301',
    '\u0323',
    '\u0302',
    '\u0345',
    '\u03b9',
    '\u1fb3',
    '\u1fbc',
    '\ufb01',
    '\ufb05',
    '\ufb06',
    '\ufb2c',
  ],
  ...[
    '\u0439',
    '\u0419',
    '\u4e70',
    '\uc6b0',
    '\u110b\u116e',
    '\u05e9',
    '\u0645',
    '\u13a0',
    '\uab70',
    '\u1c90',
  ],
  ...[
    '\u{10400}',
    '\u{10428}',
    '😀',
    '👨‍👩‍👧',
    '🇩🇪',
    '\u200b',
    '\ufeff',
    '\uffff',
    '\ufffd',
    '\ue000',
    '\u{10ffff}',
  ],
];

/** Text that can be stored, of so many parts, or as many characters. */
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.array(fc.constantFrom(...parts), { maxLength, size: 'max' }).map((some) => some.join('')),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength }).filter(isStorable) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 3 }).filter(isStorable) },
  );

/** Text with at least one character after trimming. */
export const trimmedText: fc.Arbitrary<string> = fc
  .oneof(text(2), text(8))
  .map((untrimmed) => untrimmed.trim())
  .filter((trimmed) => trimmed !== '');

/** A part of many of these texts, or another text. */
export const searchTerm: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...parts.filter((part) => part.trim() !== '')) },
  { weight: 1, arbitrary: trimmedText },
);

/** Few tags, so that filters meet some. */
export const tagTexts = [
  'a',
  'A',
  'a b',
  '\u00e9',
  'e\u0301',
  '\u0130',
  '😀',
  '%',
  '\\',
  '"',
  '{a,b}',
  'NULL',
];

/** Few dates, so that some are equal and others next to each other. */
export const dueTexts = [
  '1970-01-01',
  '2026-11-29T23:59:59.999Z',
  '2026-11-30',
  '2026-11-30T00:00Z',
  '2026-11-30T00:00:00.001Z',
  '2026-12-01',
  '9999-12-31T23:59:59.999Z',
];

const completed = fc.boolean();
const randomFields = {
  title: trimmedText.map(title),
  description: fc.option(text(15).map(description)),
  priority: fc.constantFrom(...priorities),
  dueDate: fc.option(fc.constantFrom(...dueTexts).map(dueDate)),
  tags: fc.uniqueArray(fc.constantFrom(...tagTexts), { maxLength: 4 }).map((texts) => tags(...texts)),
};

/** The fields of a task to add. */
export const randomDraft: fc.Arbitrary<TaskDraft> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ ...randomFields, completed }) },
  { weight: 1, arbitrary: fc.constantFrom(bareFields, fullFields, otherFields) },
);

export const randomChange: fc.Arbitrary<TaskChange> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { ...randomFields, completed: fc.oneof(completed, fc.constant('toggle' as const)) },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<TaskChange>(otherFields, fullFields, bareFields) },
);
