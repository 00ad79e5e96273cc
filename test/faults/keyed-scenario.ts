import { expect } from 'chai';
import { numbers } from '../support/in-batches.ts';
import { until } from '../support/until.ts';
import type { ClientResponse } from './clients/client.ts';
import { startKeyedWriter, type KeyedWriter } from './clients/keyed-writer.ts';
import { readAll } from './findings.ts';
import type { ServiceProcess } from './processes/service-process.ts';

/** A line of the table. */
export interface KeyedRow {
  readonly scenario: string;
  readonly keys: number;
  /** Writes that were sent more than once. */
  readonly repeated: number;
  /** The most attempts of one write. */
  readonly 'most attempts': number;
}

const writers = 6;

/** Clients write under keys during the faults, and send each write until it is answered. Then every key has one effect. */
export const playKeyedScenario = async (
  scenario: string,
  services: readonly ServiceProcess[],
  faults: readonly (() => Promise<void>)[],
): Promise<KeyedRow> => {
  const ports = services.map(({ port }) => port);
  const team = await Promise.all(numbers(writers).map(() => startKeyedWriter(ports)));
  /** Every user gets this many answers more. */
  const goOn = async (count: number): Promise<void> => {
    const before = team.map(({ written }) => written.length);
    await until(
      'every user writes',
      () => team.every(({ written }, n) => written.length >= (before[n] ?? 0) + count),
      30_000,
    );
  };
  try {
    await goOn(10);
    for (const fault of faults) {
      await fault();
      await goOn(5);
    }
  } finally {
    for (const writer of team) writer.stop();
    await Promise.all(team.map(({ done }) => done));
  }
  try {
    for (const writer of team) await audit(writer, ports);
  } finally {
    for (const { client } of team) client.close();
  }
  expect(services.flatMap((service) => service.errorLines())).to.deep.equal([]);
  const attempts = team.flatMap(({ written }) => written.map((write) => write.attempts));
  return {
    scenario,
    keys: attempts.length,
    repeated: attempts.filter((count) => count > 1).length,
    'most attempts': Math.max(...attempts),
  };
};

const audit = async (writer: KeyedWriter, ports: readonly number[]): Promise<void> => {
  expect(writer.wrong.slice(0, 5)).to.deep.equal([]);
  const port = ports[0] ?? 0;
  const { tasks, revision } = await readAll(writer, port);
  // The tasks are as the responses have them: no write is lost, and none is done twice.
  const known = [...writer.tasks.values()];
  expect(tasks.map(({ id }) => id)).to.have.members(known.map(({ id }) => id));
  for (const one of known) {
    const { json } = await writer.client.send(port, 'GET', `/api/tasks/${one.id}`);
    expect(json).to.deep.equal(one);
  }
  // A deletion, or a change with If-Match, that loses a race to its own first attempt may take a revision of its own.
  const races = writer.written.filter(
    ({ attempts, method }) => attempts > 1 && (method === 'DELETE' || method === 'PUT'),
  );
  const most = races.reduce((sum, { attempts }) => sum + attempts, writer.written.length);
  expect(revision).to.be.within(writer.written.length, most);

  for (const [n, write] of writer.written.entries()) {
    const response = await writer.again(ports[n % ports.length] ?? 0, write);
    expect(response.headers['idempotent-replayed'], `${write.method} ${write.path}`).to.equal('true');
    expect(repeatable(response)).to.deep.equal(repeatable(write.response));
  }
  expect((await readAll(writer, port)).revision).to.equal(revision);
};

const repeatable = ({ status, headers, text }: ClientResponse) => ({
  status,
  text,
  etag: headers['etag'],
  location: headers['location'],
});
