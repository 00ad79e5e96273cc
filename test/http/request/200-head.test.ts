import { expect } from 'chai';
import type { Answer } from '../../support/http/http-client.ts';
import { describeOnEachStore, urlSchemes } from '../../support/http/suites.ts';
import { absentId, kept } from '../../support/tasks/task-requests.ts';

/** The response without date and request id. */
const comparable = ({ status, headers }: Answer): string => {
  const same = Object.entries(headers).filter(([name]) => name !== 'date' && name !== 'x-request-id');
  return JSON.stringify([status, same.sort()]);
};

describeOnEachStore('200 head', (service) => {
  for (const scheme of urlSchemes) {
    const targets = [
      '',
      '/',
      '?limit=1',
      '?status=completed',
      '?status=nonsense',
      '?cursor=x',
      '/{id}',
      '/{id}/',
    ];
    for (const target of [...targets, `/${absentId}`, '/tasks', '/%zz']) {
      it(`given HEAD {tasks}${target}: status and headers of GET, without a body (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        await kept(user);
        const { id } = await kept(user);
        const path = user.lists[scheme] + target.replace('{id}', id);
        const headers = { 'X-Request-Id': 'the-same' };
        const [get, head] = [await user.get(path, { headers }), await user.head(path, { headers })];
        expect(comparable(head)).to.equal(comparable(get));
        expect(head.headers['content-length']).to.equal(String(get.body.length));
        expect(head.text).to.equal('');
      });
    }

    it(`given HEAD of another user's list: 403 as for GET (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const [get, head] = [await user.get('/api/somebody/tasks'), await user.head('/api/somebody/tasks')];
      expect(get.status).to.equal(403);
      expect(head.status).to.equal(403);
    });

    it(`given HEAD with a matching If-None-Match: 304 (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const { id, revision } = await kept(user);
      const options = { headers: { 'If-None-Match': `"${revision}"` } };
      const answer = await user.head(`${user.lists[scheme]}/${id}`, options);
      expect(answer.status).to.equal(304);
    });
  }

  for (const path of ['/', '/health', '/nowhere', '/api/tasks']) {
    it(`given HEAD ${path} without a token: status and headers of GET`, async () => {
      const { anonymous } = service();
      const [get, head] = [await anonymous.get(path), await anonymous.head(path)];
      expect(comparable({ ...head, headers: { ...head.headers, 'content-length': '' } })).to.equal(
        comparable({ ...get, headers: { ...get.headers, 'content-length': '' } }),
      );
    });
  }
});
