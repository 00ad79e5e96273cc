import { expect } from 'chai';
import { createHistory, type History, type Sighting } from '../history.ts';
import { revisionViolations } from './revisions.ts';
import { call, change, create, done, task } from './sample-calls.ts';

const sighting = (
  startedAt: number,
  endedAt: number,
  revision: number,
  rule: Sighting['rule'] = 'counter',
): Sighting => ({ client: 'a client', what: 'a list', startedAt, endedAt, revision, rule });

const violations = (parts: Partial<History>): readonly string[] =>
  revisionViolations({ ...createHistory('a user'), ...parts });

describe('revisionViolations', () => {
  const correct: Record<string, Partial<History>> = {
    'nothing seen': {},
    'a counter that stays and grows': {
      sightings: [sighting(0, 1, 5), sighting(2, 3, 5), sighting(4, 5, 6)],
    },
    'a lower counter while a higher one is under way': {
      sightings: [sighting(0, 3, 6), sighting(1, 4, 5), sighting(3, 5, 6)],
    },
    'a single task with an old revision': { sightings: [sighting(0, 1, 5), sighting(2, 3, 1, 'any')] },
    'a write above everything seen': { sightings: [sighting(0, 1, 5), sighting(2, 3, 6, 'new')] },
    'ascending events': { streams: [[5, 6, 9], [9]] },
    'one content for each revision': {
      calls: [call(0, 1, create, done(task(1))), call(2, 3, change('B'), done(task(2, 'B')))],
    },
  };
  for (const [name, parts] of Object.entries(correct))
    it(`given ${name}: no violation`, () => {
      expect(violations(parts)).to.deep.equal([]);
    });

  const faulty: Record<string, [Partial<History>, found: string]> = {
    'a counter that goes back': [
      { sightings: [sighting(0, 1, 6), sighting(2, 3, 5)] },
      'shows revision 5, after a client: a list from 0.0 to 1.0 ms shows revision 6',
    ],
    'a counter that goes back long after the highest': [
      { sightings: [sighting(0, 1, 6), sighting(1, 9, 7), sighting(2, 3, 6), sighting(4, 5, 5)] },
      'shows revision 5, after',
    ],
    'a counter below a single task that was seen': [
      { sightings: [sighting(0, 1, 6, 'any'), sighting(2, 3, 5)] },
      'shows revision 5, after',
    ],
    'a write with a revision that was seen': [
      { sightings: [sighting(0, 1, 6), sighting(2, 3, 6, 'new')] },
      'shows revision 6, after',
    ],
    'a missing counter': [
      { sightings: [sighting(0, 1, 6), sighting(2, 3, NaN)] },
      'shows revision NaN, after',
    ],
    'an event that comes twice': [{ streams: [[5, 6, 6]] }, 'event 6 comes after event 6'],
    'an event that goes back': [{ streams: [[5], [7, 6]] }, 'event 6 comes after event 7'],
    'a revision with two contents': [
      { calls: [call(0, 1, create, done(task(1))), call(2, 3, change('B'), done(task(1, 'B')))] },
      'revision 1 is t "A" pending, and t "B" pending',
    ],
    'a revision of two tasks': [
      {
        calls: [call(0, 1, create, done(task(1))), call(0, 1, create, done({ ...task(1), id: 'other' }))],
      },
      'revision 1 is t "A" pending, and other "A" pending',
    ],
  };
  for (const [name, [parts, found]] of Object.entries(faulty))
    it(`given ${name}: one violation`, () => {
      const all = violations(parts);
      expect(all).to.have.length(1);
      expect(all[0]).to.include(found);
    });
});
