import { expect } from 'chai';
import { gunzipSync } from 'node:zlib';
import { taskBody } from '../../support/http/response-schemas.ts';
import { ownProxiedService, sendTo, type Reply, type Sent } from '../../support/http/proxied-service.ts';
import { proxyKinds } from '../../support/processes/proxy.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';

for (const kind of proxyKinds)
  describe(`entity tags behind ${kind} with compression`, () => {
    const proxied = ownProxiedService(kind);
    let token: string;
    before(async () => {
      token = await tokenFor('compressed');
    });

    const send = (path: string, sent: Partial<Sent> = {}): Promise<Reply> =>
      sendTo({
        port: proxied().port,
        path,
        ...sent,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'accept-encoding': 'gzip',
          ...sent.headers,
        },
      });

    const created = async (): Promise<string> => {
      const body = [JSON.stringify({ title: 'Compressed', description: 'long '.repeat(200) })];
      const { headers } = await send('/todo/api/tasks', { method: 'POST', body });
      return headers.location ?? '';
    };

    const parsed = ({ headers, text }: Reply) => {
      const bytes = Buffer.from(text, 'latin1');
      const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      return taskBody.parse(JSON.parse(plain.toString()));
    };

    const change = (path: string, ifMatch: string): Promise<Reply> =>
      send(path, { method: 'PATCH', body: ['{"completed":true}'], headers: { 'if-match': ifMatch } });

    it('given a compressed task: its tag is weak, and If-None-Match with it is 304', async () => {
      const path = await created();
      const read = await send(path);
      expect(read.headers).to.include({ 'content-encoding': 'gzip', etag: `W/"${parsed(read).revision}"` });
      expect(read.headers.vary).to.match(/accept-encoding/i);
      const again = await send(path, { headers: { 'if-none-match': read.headers.etag ?? '' } });
      expect([again.status, again.text]).to.deep.equal([304, '']);
    });

    it('given a list: If-None-Match with its tag is 304, until a task is created', async () => {
      await created();
      const list = await send('/todo/api/tasks');
      const condition = { headers: { 'if-none-match': list.headers.etag ?? '' } };
      expect((await send('/todo/api/tasks', condition)).status).to.equal(304);
      await created();
      expect((await send('/todo/api/tasks', condition)).status).to.equal(200);
    });

    it('given If-Match with the weak tag: 412, and the task is unchanged', async () => {
      const path = await created();
      const read = await send(path);
      expect((await change(path, read.headers.etag ?? '')).status).to.equal(412);
      expect(parsed(await send(path))).to.deep.equal(parsed(read));
    });

    it('given If-Match made from the revision in the body: 200, and a second time 412', async () => {
      const path = await created();
      const { revision } = parsed(await send(path));
      const changed = await change(path, `"${revision}"`);
      expect([changed.status, parsed(changed).completed]).to.deep.equal([200, true]);
      expect((await change(path, `"${revision}"`)).status).to.equal(412);
    });

    it('given no Accept-Encoding: the tag is strong, and If-Match with it is 200', async () => {
      const path = await created();
      const read = await send(path, { headers: { 'accept-encoding': 'identity' } });
      expect(read.headers.etag).to.equal(`"${parsed(read).revision}"`);
      expect((await change(path, read.headers.etag ?? '')).status).to.equal(200);
    });
  });
