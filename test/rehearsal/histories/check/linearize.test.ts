import { expect } from 'chai';
import { numbers } from '../../../support/in-batches.ts';
import type { Call } from '../history.ts';
import { excerpt } from './excerpt.ts';
import { linearize } from './linearize.ts';
import * as sample from './sample-calls.ts';

const { call, change, create, done, emptyTrash, mismatch, missing, purge, read, readTrash } = sample;
const { remove, restore, task, toggle } = sample;

const created = call(0, 1, create, done(task(1)));
const deleted = call(2, 3, remove(), done());

const correct: Record<string, readonly Call[]> = {
  'no call': [],
  'one call after another': [
    created,
    call(2, 3, change('B', 1), done(task(2, 'B'))),
    call(4, 5, toggle, done(task(3, 'B', true))),
    call(6, 7, change('C', 2), mismatch(task(3, 'B', true))),
    call(8, 9, remove(3), done()),
    call(10, 11, read, missing),
    call(12, 13, readTrash, done(task(4, 'B', true))),
    call(14, 15, restore(), done(task(6, 'B', true))),
    call(16, 17, read, done(task(6, 'B', true))),
  ],
  'a read during a change that shows the old task': [
    created,
    call(2, 9, change('B'), done(task(2, 'B'))),
    call(3, 4, read, done(task(1))),
    call(5, 6, read, done(task(2, 'B'))),
  ],
  'concurrent changes whose revisions are not in the order of their ends': [
    created,
    call(2, 8, change('B'), done(task(3, 'B'))),
    call(3, 5, change('C'), done(task(2, 'C'))),
    call(9, 10, read, done(task(3, 'B'))),
  ],
  'two writers with one If-Match, of which one wins': [
    created,
    call(2, 8, change('B', 1), done(task(2, 'B'))),
    call(3, 5, change('C', 1), mismatch(task(2, 'B'))),
  ],
  'a change without an answer that takes effect late': [
    created,
    call(2, 3, change('B'), null),
    call(4, 5, read, done(task(1))),
    call(6, 7, change('C'), done(task(2, 'C'))),
    call(8, 9, read, done(task(3, 'B'))),
  ],
  'a change without an answer that never takes effect': [
    created,
    call(2, 3, change('B'), null),
    call(4, 5, read, done(task(1))),
  ],
  'toggles without an answer, of which two take effect': [
    created,
    ...[2, 2, 2].map((start) => call(start, 3, toggle, null)),
    call(4, 5, read, done(task(2, 'A', true))),
    call(6, 7, read, done(task(5, 'A', false))),
  ],
  'a deletion and a purge without an answer': [
    created,
    call(2, 3, remove(), null),
    call(4, 5, read, missing),
    call(6, 7, purge, null),
    call(8, 9, readTrash, missing),
    call(10, 11, restore(), missing),
  ],
  'a trash that is emptied while the task is restored': [
    created,
    deleted,
    call(4, 9, emptyTrash, done()),
    call(5, 8, restore(), done(task(3))),
    call(10, 11, read, done(task(3))),
  ],
};

const faulty: Record<string, readonly [fault: string, calls: readonly Call[]]> = {
  'a lost write': [
    'read',
    [created, call(2, 3, toggle, done(task(2, 'A', true))), call(4, 5, read, done(task(1)))],
  ],
  'a lost creation': ['read', [created, call(2, 3, read, missing)]],
  'a stale read after a newer one': [
    'read',
    [
      created,
      call(2, 20, change('B'), done(task(2, 'B'))),
      call(3, 4, read, done(task(2, 'B'))),
      call(5, 6, read, done(task(1))),
    ],
  ],
  'two winners with one If-Match': [
    'change',
    [created, call(2, 8, change('B', 1), done(task(2, 'B'))), call(3, 5, change('C', 1), done(task(3, 'C')))],
  ],
  'a mismatch of the current revision': ['change', [created, call(2, 3, change('B', 1), mismatch(task(1)))]],
  'a toggle that is done twice': ['complete', [created, call(2, 3, toggle, done(task(3)))]],
  'a change without an answer that is done twice': [
    'read',
    [
      created,
      call(2, 3, change('B'), null),
      call(4, 5, read, done(task(2, 'B'))),
      call(6, 7, read, done(task(3, 'B'))),
    ],
  ],
  'a toggle without an answer that is done twice': [
    'read',
    [created, call(2, 3, toggle, null), call(4, 5, read, done(task(3)))],
  ],
  'an effect before the start of its call': [
    'read',
    [created, call(2, 3, read, done(task(2, 'B'))), call(4, 5, change('B'), done(task(2, 'B')))],
  ],
  'an effect of a refused call, which is not recorded': [
    'read',
    [created, call(2, 3, read, done(task(2, 'B')))],
  ],
  'a deleted task that comes back': ['read', [created, deleted, call(4, 5, read, done(task(1)))]],
  'a purged task that comes back': [
    'read',
    [created, deleted, call(4, 5, purge, done()), call(6, 7, read, done(task(3)))],
  ],
  'a task that comes back after the trash was emptied': [
    'read',
    [created, deleted, call(4, 5, emptyTrash, done()), call(6, 7, read, done(task(3)))],
  ],
  'a task that is purged twice': [
    'purge',
    [created, deleted, call(4, 9, purge, done()), call(5, 8, purge, done())],
  ],
  'a restoration of another content': [
    'restore',
    [created, deleted, call(4, 5, restore(), done(task(3, 'B')))],
  ],
  'a restoration with the revision of the deletion': [
    'restore',
    [created, call(2, 3, remove(1), done()), call(4, 5, restore(), done(task(2)))],
  ],
  'a write that repeats the revision': ['change', [created, call(2, 3, change('B'), done(task(1, 'B')))]],
  'a write whose revision goes back': [
    'change',
    [created, call(2, 3, change('B'), done(task(5, 'B'))), call(4, 5, change('C'), done(task(4, 'C')))],
  ],
  'a task without a creation': ['read', [call(2, 3, read, done(task(1)))]],
};

describe('linearize', () => {
  for (const [name, calls] of Object.entries(correct))
    it(`given ${name}: linearizable`, () => {
      expect(linearize(calls)).to.include({ outcome: 'linearizable' });
    });

  for (const [name, [fault, calls]] of Object.entries(faulty))
    it(`given ${name}: a violation`, () => {
      const verdict = linearize(calls);
      if (verdict.outcome !== 'violation') expect.fail(verdict.outcome);
      expect(verdict.call.action.kind).to.equal(fault);
      expect(excerpt(calls, verdict.call, verdict.states)).to.include('no order of the calls explains');
    });

  it('given more steps than allowed: undecided', () => {
    const calls = (lost: number): Call[] => [
      created,
      ...numbers(lost).map((n) => call(2 + n, 0, change(`B ${n}`), null)),
      call(50, 51, read, done(task(2, 'not written'))),
    ];
    expect(linearize(calls(8)).outcome).to.equal('violation');
    expect(linearize(calls(8), 1_000)).to.deep.equal({ outcome: 'undecided', steps: 1_001 });
    expect(linearize(calls(40), 10_000)).to.deep.equal({ outcome: 'undecided', steps: 10_001 });
  });

  it('given a violation: its excerpt has the call, the possible states and the calls around it', () => {
    const calls = [created, call(2, 9, change('B'), null), call(3, 4, read, done(task(1, 'A', true)))];
    const verdict = linearize(calls);
    if (verdict.outcome !== 'violation') expect.fail(verdict.outcome);
    expect(excerpt(calls, verdict.call, verdict.states).split('\n')).to.deep.equal([
      'task t: no order of the calls explains',
      '  3.0–4.0 a client read → "A" completed at 1',
      'The task can have been:',
      '  in the list: "A" pending at 1',
      'The calls before it:',
      '  0.0–1.0 a client create "A" → "A" pending at 1',
      'At the same time:',
      '  2.0–… a client change "B" → no answer',
    ]);
  });
});
