import { expect } from 'chai';
import type { ClientResponse } from '../../../faults/clients/client.ts';
import { createHistory, type Action, type History } from '../history.ts';
import { recordCall } from './record-call.ts';

const response = (status: number, json: unknown = null): ClientResponse => ({
  status,
  json,
  headers: {},
  text: JSON.stringify(json),
});

const problem = (status: number, code: string): ClientResponse => response(status, { code, status });

const task = { id: 't', title: 'B', completed: false, revision: 2 };
const good = response(200, task);
const noAnswer = response(0);

const change: Action = { kind: 'change', title: 'B', ifMatch: 1 };

/** The history of one call that gets these responses, with the time of each attempt. */
const record = async (
  responses: readonly ClientResponse[],
  { isKeyed = false, action = change }: { isKeyed?: boolean; action?: Action } = {},
): Promise<{ history: History; attempts: readonly number[] }> => {
  const history = createHistory('a user');
  const attempts: number[] = [];
  const send = (): Promise<ClientResponse> => {
    const next = responses[attempts.length];
    attempts.push(performance.now());
    return next === undefined ? Promise.reject(new Error('One attempt too many')) : Promise.resolve(next);
  };
  await recordCall(history, { client: 'a client', id: 't', action, isKeyed, send });
  expect(attempts).to.have.length(responses.length);
  return { history, attempts };
};

describe('recordCall', () => {
  it('given an answer: a call with its start and end, and the revision', async () => {
    const { history } = await record([good]);
    const [call] = history.calls;
    expect(call?.answer).to.deep.equal({ outcome: 'done', task });
    expect(call?.startedAt).to.be.at.most(call?.endedAt ?? 0);
    expect(history.sightings).to.have.length(1);
    expect(history.sightings[0]).to.include({ revision: 2, rule: 'new' });
  });

  const refused = [problem(503, 'unavailable'), problem(503, 'overloaded'), problem(504, 'timeout')];
  for (const one of refused)
    it(`given ${one.text}: no call, because nothing was done`, async () => {
      const { history } = await record([one]);
      expect(history.calls).to.deep.equal([]);
      expect(history).to.include({ failures: 1, requests: 1 });
    });

  const unknown = [noAnswer, problem(504, 'outcome_unknown'), problem(502, 'outcome_unknown'), response(503)];
  for (const one of unknown)
    it(`given ${one.status} ${one.text}: a call without an answer and without an end`, async () => {
      const { history } = await record([one]);
      expect(history.calls).to.have.length(1);
      expect(history.calls[0]).to.include({ answer: null, endedAt: Infinity });
    });

  it('given a read without an answer: no call', async () => {
    const { history } = await record([noAnswer], { action: { kind: 'read' } });
    expect(history.calls).to.deep.equal([]);
  });

  for (const one of [
    problem(500, 'internal_error'),
    problem(410, 'revision_expired'),
    response(200, 'no task'),
  ])
    it(`given ${one.status} ${one.text}: it is wrong`, async () => {
      expect((await record([one])).history.wrong).to.have.length(1);
    });

  it('given a key and no answer at first: one call from the first attempt to the answer', async () => {
    const attempts = [noAnswer, problem(409, 'idempotency_key_in_use'), problem(503, 'unavailable'), good];
    const { history, attempts: times } = await record(attempts, { isKeyed: true });
    const [call, ...others] = history.calls;
    expect(others).to.deep.equal([]);
    expect(call?.startedAt).to.be.at.most(times[0] ?? 0);
    expect(call?.endedAt).to.be.at.least(times.at(-1) ?? Infinity);
  });

  it('given a key, no answer and then 404: that answer, and a call that may still take effect', async () => {
    const { history, attempts } = await record([noAnswer, problem(404, 'task_not_found')], { isKeyed: true });
    expect(history.calls.map(({ answer }) => answer)).to.deep.equal([{ outcome: 'missing' }, null]);
    for (const call of history.calls) expect(call.startedAt).to.be.within(attempts[0] ?? 0, attempts[1] ?? 0);
  });
});
