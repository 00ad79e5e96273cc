import { expect } from 'chai';
import { ownService } from '../../support/http/suites.ts';
import { collectInto, type Collected } from '../../support/postgres/partitioned/collected-statements.ts';

/** A statement for several users has their ids in an array. */
const isJoined = (text: string): boolean => text.includes('unnest(');

for (const batching of ['true', 'false'])
  describe(`a service with DATABASE_BATCHING=${batching}`, () => {
    const service = ownService({ store: 'PostgreSQL', environment: { DATABASE_BATCHING: batching } });

    it(`given requests of several users at once: ${batching === 'true' ? 'some statements are' : 'no statement is'} for several users`, async () => {
      const collected: Collected = new Map();
      collectInto(collected, service().get('database'));
      const users = await Promise.all(Array.from({ length: 8 }, () => service().user()));
      const created = await Promise.all(users.map((user) => user.post('/api/tasks', { title: 'Buy milk' })));
      const lists = await Promise.all(users.map((user) => user.get('/api/tasks')));
      for (const { status } of created) expect(status).to.equal(201);
      for (const { status } of lists) expect(status).to.equal(200);
      expect([...collected.keys()].some(isJoined)).to.equal(batching === 'true');
    });
  });
