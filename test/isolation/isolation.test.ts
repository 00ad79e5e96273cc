import { expect } from 'chai';
import { z } from 'zod';
import type { Endpoint } from '../../src/interfaces/http/routing/endpoint.ts';
import { routedResources } from '../support/http/endpoints.ts';
import type { Answer, RequestOptions } from '../support/http/http-client.ts';
import type { TaskBody } from '../support/http/response-schemas.ts';
import type { Service, User } from '../support/http/service.ts';
import { describeOnEachStore } from '../support/http/suites.ts';
import { nextParametersOf } from '../support/tasks/list-answers.ts';
import { absentId, kept } from '../support/tasks/task-requests.ts';

/** All routes below /api: each endpoint with the path template of each of its URL schemes. */
const routes = routedResources().flatMap(({ urlSchemes, endpoints }) =>
  urlSchemes.flatMap(({ template }) => endpoints.map((endpoint) => ({ template, endpoint }))),
);

const document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** A user whose tasks the other user of a test tries to read and change. */
interface Victim extends User {
  readonly tasks: readonly TaskBody[];
  /** In the trash. */
  readonly trash: readonly TaskBody[];
  /** The queries of the victim's links, cursors included. */
  readonly nextPages: readonly Readonly<Record<string, string>>[];
  /** Texts that no response to another user may contain. */
  readonly secrets: readonly string[];
  /** A key that the victim has spent. */
  readonly key: string;
  /** The victim's own responses, to compare before and after. */
  readonly readAll: () => Promise<string>;
}

const victimOf = async (service: Service): Promise<Victim> => {
  const user = await service.user();
  const secret = `secret of ${user.id}`;
  const fields = { tags: ['shared'], due_date: '2026-11-30' };
  const tasks = [
    await kept(user, { ...fields, title: `${secret} 1`, description: secret }),
    await kept(user, { ...fields, title: `${secret} 2`, completed: true }),
    await kept(user, { ...fields, title: `${secret} 3` }),
  ];
  const trash = [
    await kept(user, { ...fields, title: `${secret} 4` }),
    await kept(user, { ...fields, title: `${secret} 5`, description: secret }),
  ];
  for (const { id } of trash) await user.delete(`${user.lists.own}/${id}`);
  const key = `key of ${user.id}`.replaceAll(' ', '-');
  await user.post(user.lists.own, { title: `${secret} 4` }, { headers: { 'Idempotency-Key': key } });
  const nextPages = [];
  for (const order of ['', '&sort_by=title', '&sort_by=due_date&search=secret'])
    nextPages.push(nextParametersOf(await user.get(`${user.lists.own}?limit=1${order}`)));
  nextPages.push(nextParametersOf(await user.get(`${user.lists.own}/trash?limit=1`)));
  const readAll = async (): Promise<string> => {
    const answers = [await user.get(user.lists.own), await user.get(user.lists.named)];
    answers.push(await user.get(`${user.lists.own}/trash`));
    for (const { id } of tasks) answers.push(await user.get(`${user.lists.own}/${id}`));
    return JSON.stringify(answers.map(({ status, headers, text }) => [status, headers['etag'], text]));
  };
  const secrets = [secret, ...[...tasks, ...trash].map(({ id }) => id)];
  return { ...user, tasks, trash, key, nextPages, readAll, secrets };
};

/** The bodies and preconditions of requests to an endpoint, from its examples, with ids of the victim added. */
const requestsTo = (endpoint: Endpoint, victim: Victim): readonly RequestOptions[] => {
  const victimIds = { user_id: victim.id, owner: victim.id, owner_id: victim.id, id: victim.tasks[0]?.id };
  const examples = Object.values(endpoint.body?.examples ?? {});
  const bodies: RequestOptions[] = examples.flatMap((json) => [
    { json },
    { json: { ...json, ...victimIds } },
  ]);
  if (endpoint.body?.need !== 'required') bodies.push({});
  const { conditional, acceptsKey } = endpoint;
  const headers = [
    {},
    ...(conditional === undefined
      ? []
      : ['*', '"1", "2", "3", "4", "5"'].map((tag) => ({ [conditional]: tag }))),
    ...(acceptsKey ? [{ 'Idempotency-Key': victim.key }] : []),
  ];
  return bodies.flatMap((body) => headers.map((one) => ({ ...body, headers: one })));
};

/** The response without date and request id. */
const comparable = ({ status, headers, text }: Answer): unknown => ({
  status,
  headers: { ...headers, date: '', 'x-request-id': '' },
  text: text.replace(headers['x-request-id'] ?? '', ''),
});

/** Whether the task of a request has to be in the trash. */
const isOfTrash = ({ path }: Endpoint): boolean => path === '/trash/{id}' || path === '/{id}/restore';

const methodsOf = ({ method }: Endpoint): readonly string[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method];

/** The parameters without which the request is refused. */
const requiredQuery = ({ query }: Endpoint): string =>
  query !== undefined && 'since' in query.shape ? 'since=0&' : '';

const queriesOf = (endpoint: Endpoint, victim: Victim): readonly string[] => {
  const named = `?${requiredQuery(endpoint)}user_id=${victim.id}&owner=${victim.id}&id=${victim.tasks[0]?.id ?? ''}`;
  if (endpoint.query === undefined) return [named];
  const lists = [
    'status=all&limit=1000',
    'search=secret&sort_by=title&count=true',
    'q=secret&sort=due&order=desc&page=1&per_page=1&count=true',
    'tag=shared&offset=0&limit=1',
    'tags=shared,home&priority=low,medium,high&due_after=2026-01-01&due_before=2027-01-01',
    ...victim.nextPages.map((parameters) => new URLSearchParams(parameters).toString()),
  ];
  return [named, ...lists.map((query) => `${named}&${query}`)];
};

describeOnEachStore('isolation of users', (service) => {
  /** The routes that the tests below called, to show that none is left out. */
  const called = new Set<string>();

  for (const { template, endpoint } of routes) {
    const { name, path } = endpoint;
    const namesUser = template.includes('{user_id}');
    const namesTask = path.includes('{id}');
    const at = (user: string, task: string) =>
      template.replace('{user_id}', encodeURIComponent(user)) + path.replace('{id}', task);

    describe(`${name} at ${template}${path}`, () => {
      it('given the owner: success', async () => {
        for (const example of Object.values(endpoint.body?.examples ?? { none: undefined })) {
          const user = await service().user();
          const { id } = await kept(user, { completed: true });
          if (isOfTrash(endpoint)) await user.delete(`${user.lists.own}/${id}`);
          const options = example === undefined ? {} : { json: example };
          const answer = await user.send(
            endpoint.method,
            `${at(user.id, id)}?${requiredQuery(endpoint)}`,
            options,
          );
          expect(answer.status, answer.text).to.equal(endpoint.success.status);
        }
      });

      it("given another user's task: not shown, not changed, and the same response as for an absent task", async () => {
        const [victim, user] = [await victimOf(service()), await service().user()];
        await kept(user);
        const before = await victim.readAll();
        const statuses = new Set<number>();
        for (const method of methodsOf(endpoint)) {
          for (const query of queriesOf(endpoint, victim)) {
            for (const options of requestsTo(endpoint, victim)) {
              for (const { id } of [...victim.tasks, ...victim.trash]) {
                const target = at(user.id, id) + query;
                const answer = await user.send(method, target, options);
                called.add(`${endpoint.method} ${template}${path}`);
                const shown = JSON.stringify([answer.headers, answer.text]);
                for (const secret of victim.secrets) expect(shown, target).not.to.include(secret);
                if (!namesTask) continue;
                expect(answer.status, target).to.be.oneOf([404, 422]); // 422: a body of another endpoint
                statuses.add(answer.status);
                const absent = await user.send(method, at(user.id, absentId) + query, options);
                expect(comparable(answer), target).to.deep.equal(comparable(absent));
              }
            }
          }
        }
        if (namesTask) expect([...statuses]).to.include(404);
        expect(await victim.readAll()).to.equal(before);
      });

      if (namesUser)
        it("given another user's path: the same 403 whether that user exists, nothing changed", async () => {
          const [victim, user] = [await victimOf(service()), await service().user()];
          const before = await victim.readAll();
          for (const method of [...methodsOf(endpoint), 'OPTIONS', 'TRACE']) {
            for (const options of requestsTo(endpoint, victim)) {
              for (const id of [
                victim.tasks[0]?.id ?? '',
                victim.trash[0]?.id ?? '',
                absentId,
                'malformed',
              ]) {
                const [existing, unknown] = [
                  await user.send(method, at(victim.id, id), options),
                  await user.send(method, at('nobody-has-this-id', id), options),
                ];
                expect(existing.status).to.equal(403);
                expect(comparable(existing)).to.deep.equal(comparable(unknown));
                for (const secret of victim.secrets) expect(existing.text).not.to.include(secret);
              }
            }
          }
          expect(await victim.readAll()).to.equal(before);
        });

      it('given no token: 401, nothing changed', async () => {
        const victim = await victimOf(service());
        const before = await victim.readAll();
        for (const method of methodsOf(endpoint)) {
          for (const options of requestsTo(endpoint, victim)) {
            for (const task of [victim.tasks[0], victim.trash[0]]) {
              const target = at(victim.id, task?.id ?? '');
              const answer = await service().anonymous.send(method, target, options);
              expect(answer.status).to.equal(401);
            }
          }
        }
        expect(await victim.readAll()).to.equal(before);
      });
    });
  }

  describe('coverage of the tests above', () => {
    const expected = routes.map(({ template, endpoint }) => `${endpoint.method} ${template}${endpoint.path}`);

    it('given all routes: each was called in each URL scheme', () => {
      expect([...called].sort()).to.deep.equal([...expected].sort());
      for (const template of ['/api/tasks', '/api/{user_id}/tasks'])
        expect(expected.filter((route) => route.split(' ')[1]?.startsWith(template))).to.have.length.at.least(
          7,
        );
    });

    it('given all documented paths below /api: each was called', async () => {
      const answer = await service().anonymous.get('/openapi.json');
      const { paths } = document.parse(JSON.parse(answer.text));
      const documented = Object.entries(paths)
        .filter(([path]) => path.startsWith('/api'))
        .flatMap(([path, item]) =>
          Object.keys(item)
            .filter((key) => /^(get|post|put|patch|delete)$/.test(key))
            .map((method) => `${method.toUpperCase()} ${path}`),
        );
      expect(documented.sort()).to.deep.equal([...called].sort());
    });
  });

  it('given similar user ids: separate lists', async () => {
    const base = (await service().user()).id;
    const ids = [
      base,
      `${base} `,
      ` ${base}`,
      base.toUpperCase(),
      `${base}/`,
      `${base}%20`,
      `${base}\u200b`,
      `${base}é`,
      `${base}e\u0301`,
    ];
    for (const id of ids) {
      const user = await service().user(id);
      expect((await user.get(user.lists.named)).text, JSON.stringify(id)).to.equal('[]');
      await kept(user);
    }
  });
});
