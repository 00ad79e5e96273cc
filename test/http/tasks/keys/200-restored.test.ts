import { expect } from 'chai';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { isReplay, keyed, newKey, repeatable } from '../../../support/keys/keyed-requests.ts';
import { kept } from '../../../support/tasks/task-requests.ts';

describeOnEachStore('200 restore under an Idempotency-Key', (service) => {
  for (const scheme of urlSchemes)
    it(`given a restoration three times (${scheme}): the same response, marked as replayed, and one revision`, async () => {
      const user = await service().user();
      const list = user.lists[scheme];
      const { id } = await kept(user);
      await user.delete(`${list}/${id}`);
      const key = keyed(newKey());
      const restore = () => user.post(`${list}/${id}/restore`, undefined, key);
      const first = await restore();
      expect(first.status, first.text).to.equal(200);
      expect(first.headers['etag']).to.equal('"3"');
      expect(isReplay(first)).to.be.false;
      await user.delete(`${list}/${id}`);
      for (const again of [await restore(), await restore()]) {
        expect(isReplay(again)).to.be.true;
        expect(repeatable(again)).to.deep.equal(repeatable(first));
      }
      expect((await user.get(`${list}/${id}`)).status).to.equal(404);
    });
});
