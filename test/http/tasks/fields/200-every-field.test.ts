import { expect } from 'chai';
import { readOpenApi } from '../../../support/http/openapi.ts';
import { taskOf, tasksOf } from '../../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { everyField, kept } from '../../../support/tasks/task-requests.ts';

describeOnEachStore('200 every field', (service) => {
  for (const scheme of urlSchemes) {
    it(`given a POST with every field, scheme ${scheme}: it is returned, by GET and in the list too`, async () => {
      const user = await service().user();
      const list = user.lists[scheme];
      const task = taskOf(await user.post(list, everyField));
      expect(task).to.deep.include(everyField);
      expect(taskOf(await user.get(`${list}/${task.id}`))).to.deep.equal(task);
      expect(tasksOf(await user.get(list))).to.deep.equal([task]);
    });

    for (const method of ['PUT', 'PATCH'])
      for (const [field, value] of Object.entries(everyField))
        it(`given a ${method} with ${field} alone, scheme ${scheme}: changes that field and no other`, async () => {
          const user = await service().user();
          const task = await kept(user);
          expect(task, 'the sample must differ from the default').not.to.have.deep.property(field, value);
          const path = `${user.lists[scheme]}/${task.id}`;
          const changed = taskOf(await user.send(method, path, { json: { [field]: value } }));
          const { updated_at, revision } = changed;
          expect(changed).to.deep.equal({ ...task, [field]: value, updated_at, revision });
          expect(taskOf(await user.get(path))).to.deep.equal(changed);
        });
  }

  it('given a POST with the required fields alone: the others have the defaults of the OpenAPI document', async () => {
    const { components } = readOpenApi((await service().anonymous.get('/openapi.json')).text);
    const { required, properties } = components.schemas['TaskDraft'] ?? {};
    expect(required).to.deep.equal(['title']);
    const task = await kept(await service().user(), { title: everyField.title });
    for (const field of Object.keys(everyField).filter((name) => name !== 'title'))
      expect(properties).to.have.deep.nested.property(`${field}.default`, Reflect.get(task, field));
  });
});
