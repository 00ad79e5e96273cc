import { expect } from 'chai';
import { taskOf } from '../support/promises.ts';
import { describeService, urlFamilies } from '../support/suites.ts';

describeService('201 create', (service) => {
  for (const family of urlFamilies) {
    it(`keeps a task and says where it is, ${family}`, async () => {
      const user = await service().user();
      const answer = await user.post(user.lists[family], { title: '  Buy milk\t' });
      expect(answer.status).to.equal(201);
      const task = taskOf(answer);
      expect(task).to.include({
        user_id: user.id,
        title: 'Buy milk',
        description: null,
        completed: false,
        revision: 1,
      });
      expect(answer.headers['location']).to.equal(`${user.lists[family]}/${task.id}`);
      const followed = await user.get(`${user.lists[family]}/${task.id}`);
      expect(followed.text).to.equal(answer.text);
    });
  }
});
