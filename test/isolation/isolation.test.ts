import { expect } from 'chai';
import { z } from 'zod';
import type { Endpoint } from '../../src/interfaces/http/routing/endpoint.ts';
import { routedResources } from '../support/http/endpoints.ts';
import type { Answer, RequestOptions } from '../support/http/http-client.ts';
import type { TaskBody } from '../support/http/promises.ts';
import type { Service, User } from '../support/http/service.ts';
import { describeOnEachStore } from '../support/http/suites.ts';
import { absentId, kept } from '../support/tasks/task-requests.ts';

/** Everything that is routed below /api: each endpoint at the path of each of its families, as a template. */
const routed = routedResources().flatMap(({ urlSchemes, endpoints }) =>
  urlSchemes.flatMap(({ template }) => endpoints.map((endpoint) => ({ template, endpoint }))),
);

const document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** Somebody with tasks that nobody else may see, and all that they see themselves. */
interface Victim extends User {
  readonly tasks: readonly TaskBody[];
  readonly secrets: readonly string[];
  readonly sees: () => Promise<string>;
}

const victimOf = async (service: Service): Promise<Victim> => {
  const user = await service.user();
  const mark = `secret of ${user.id}`;
  const tasks = [
    await kept(user, { title: `${mark} 1`, description: mark }),
    await kept(user, { title: `${mark} 2`, completed: true }),
    await kept(user, { title: `${mark} 3` }),
  ];
  const sees = async (): Promise<string> => {
    const answers = [await user.get(user.lists.own), await user.get(user.lists.named)];
    for (const { id } of tasks) answers.push(await user.get(`${user.lists.own}/${id}`));
    return JSON.stringify(answers.map(({ status, headers, text }) => [status, headers['etag'], text]));
  };
  return { ...user, tasks, sees, secrets: [mark, ...tasks.map(({ id }) => id)] };
};

/** Every way to say to an endpoint what it may be told: its examples, its filters, its preconditions. */
const requestsTo = (endpoint: Endpoint, victim: Victim): readonly RequestOptions[] => {
  const owned = { user_id: victim.id, owner: victim.id, owner_id: victim.id, id: victim.tasks[0]?.id };
  const examples = Object.values(endpoint.body?.examples ?? {});
  const bodies: RequestOptions[] = examples.flatMap((json) => [{ json }, { json: { ...json, ...owned } }]);
  if (endpoint.body?.need !== 'required') bodies.push({});
  const tags = [undefined, '*', '"1", "2", "3", "4", "5"'];
  const name = endpoint.conditional;
  return bodies.flatMap((body) =>
    (name === undefined ? [undefined] : tags).map((tag) =>
      name === undefined || tag === undefined ? body : { ...body, headers: { [name]: tag } },
    ),
  );
};

/** Everything of an answer but what differs from answer to answer. */
const comparable = ({ status, headers, text }: Answer): unknown => ({
  status,
  headers: { ...headers, date: '', 'x-request-id': '' },
  text: text.replace(headers['x-request-id'] ?? '', ''),
});

const methodsOf = ({ method }: Endpoint): readonly string[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method];

const queriesOf = (endpoint: Endpoint, victim: Victim): readonly string[] => {
  const named = `?user_id=${victim.id}&owner=${victim.id}&id=${victim.tasks[0]?.id ?? ''}`;
  return endpoint.query === undefined ? [named] : [named, `${named}&status=all&limit=1000`];
};

describeOnEachStore('isolation', (service) => {
  /** What has been tried, so that an endpoint that nobody thought of cannot be left out. */
  const tried = new Set<string>();

  for (const { template, endpoint } of routed) {
    const { name, path } = endpoint;
    const namesUser = template.includes('{user_id}');
    const namesTask = path.includes('{id}');
    const at = (user: string, task: string) =>
      template.replace('{user_id}', encodeURIComponent(user)) + path.replace('{id}', task);

    describe(`${name} at ${template}${path}`, () => {
      it('is for the owner what it is', async () => {
        for (const example of Object.values(endpoint.body?.examples ?? { none: undefined })) {
          const user = await service().user();
          const { id } = await kept(user, { completed: true });
          const options = example === undefined ? {} : { json: example };
          const answer = await user.send(endpoint.method, at(user.id, id), options);
          expect(answer.status, answer.text).to.equal(endpoint.success.status);
        }
      });

      it('shows, changes and tells nothing of the tasks of others', async () => {
        const [victim, user] = [await victimOf(service()), await service().user()];
        await kept(user);
        const before = await victim.sees();
        const statuses = new Set<number>();
        for (const method of methodsOf(endpoint)) {
          for (const query of queriesOf(endpoint, victim)) {
            for (const options of requestsTo(endpoint, victim)) {
              for (const { id } of victim.tasks) {
                const target = at(user.id, id) + query;
                const answer = await user.send(method, target, options);
                tried.add(`${endpoint.method} ${template}${path}`);
                const shown = JSON.stringify([answer.headers, answer.text]);
                for (const secret of victim.secrets) expect(shown, target).not.to.include(secret);
                if (!namesTask) continue;
                expect(answer.status, target).to.be.oneOf([404, 422]); // 422: not the body that was expected
                statuses.add(answer.status);
                const absent = await user.send(method, at(user.id, absentId) + query, options);
                expect(comparable(answer), target).to.deep.equal(comparable(absent));
              }
            }
          }
        }
        if (namesTask) expect([...statuses]).to.include(404);
        expect(await victim.sees()).to.equal(before);
      });

      if (namesUser)
        it("answers 403 at another's path, whether they exist or not, and does nothing", async () => {
          const [victim, user] = [await victimOf(service()), await service().user()];
          const before = await victim.sees();
          for (const method of [...methodsOf(endpoint), 'OPTIONS', 'TRACE']) {
            for (const options of requestsTo(endpoint, victim)) {
              for (const id of [victim.tasks[0]?.id ?? '', absentId, 'malformed']) {
                const [there, nowhere] = [
                  await user.send(method, at(victim.id, id), options),
                  await user.send(method, at('nobody-has-this-id', id), options),
                ];
                expect(there.status).to.equal(403);
                expect(comparable(there)).to.deep.equal(comparable(nowhere));
                for (const secret of victim.secrets) expect(there.text).not.to.include(secret);
              }
            }
          }
          expect(await victim.sees()).to.equal(before);
        });

      it('knows nobody without a token', async () => {
        const victim = await victimOf(service());
        const before = await victim.sees();
        for (const method of methodsOf(endpoint)) {
          for (const options of requestsTo(endpoint, victim)) {
            const target = at(victim.id, victim.tasks[0]?.id ?? '');
            const answer = await service().anonymous.send(method, target, options);
            expect(answer.status).to.equal(401);
          }
        }
        expect(await victim.sees()).to.equal(before);
      });
    });
  }

  describe('of everything there is', () => {
    const wanted = routed.map(({ template, endpoint }) => `${endpoint.method} ${template}${endpoint.path}`);

    it('is tried for every endpoint that is routed, in all its families', () => {
      expect([...tried].sort()).to.deep.equal([...wanted].sort());
      for (const template of ['/api/tasks', '/api/{user_id}/tasks'])
        expect(wanted.filter((route) => route.split(' ')[1]?.startsWith(template))).to.have.length.at.least(
          7,
        );
    });

    it('is tried for every path below /api that the service describes', async () => {
      const answer = await service().anonymous.get('/openapi.json');
      const { paths } = document.parse(JSON.parse(answer.text));
      const described = Object.entries(paths)
        .filter(([path]) => path.startsWith('/api'))
        .flatMap(([path, item]) =>
          Object.keys(item)
            .filter((key) => /^(get|post|put|patch|delete)$/.test(key))
            .map((method) => `${method.toUpperCase()} ${path}`),
        );
      expect(described.sort()).to.deep.equal([...tried].sort());
    });
  });

  it('holds for two whose ids look alike', async () => {
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
