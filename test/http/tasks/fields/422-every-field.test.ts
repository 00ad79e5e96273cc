import { expect } from 'chai';
import { z } from 'zod';
import { readOpenApi } from '../../../support/http/openapi.ts';
import { problemOf } from '../../../support/http/promises.ts';
import type { User } from '../../../support/http/service.ts';
import { describeOnEachStore } from '../../../support/http/suites.ts';
import { everyField, kept, textFields } from '../../../support/tasks/task-requests.ts';

const textSchema = z.looseObject({
  type: z.literal('string'),
  maxLength: z.int(),
  pattern: z.string().optional(),
});
const property = z.union([
  textSchema,
  z.looseObject({ anyOf: z.array(z.unknown()) }).transform(({ anyOf }) => textSchema.parse(anyOf[0])),
]);
const schemas = z.looseObject({ properties: z.record(z.string(), z.unknown()) });

describeOnEachStore('422 every field', (service) => {
  /** Sends the value as this field, in each kind of body. */
  const sendAs = async (user: User, field: string, value: unknown) => {
    const { id } = await kept(user);
    const path = `/api/tasks/${id}`;
    return [
      await user.post('/api/tasks', { ...everyField, [field]: value }),
      await user.put(path, { [field]: value }),
      await user.patch(path, { [field]: value }),
    ];
  };

  const expectRefusal = async (field: string, value: unknown) => {
    for (const answer of await sendAs(await service().user(), field, value)) {
      expect(answer.status, answer.text).to.equal(422);
      expect(problemOf(answer).errors?.map((error) => error.field)).to.deep.equal([field]);
    }
  };

  for (const field of textFields) {
    for (const [what, text] of [
      ['U+0000', 'a\0b'],
      ['the first half of a surrogate pair', 'a\ud83d'],
      ['the second half of a surrogate pair', '\ude00b'],
    ] as const)
      it(`given ${what} in ${field}: refused`, () => expectRefusal(field, text));

    it(`given ${field} as long as the OpenAPI document allows: stored; one character more: refused`, async () => {
      const { components } = readOpenApi((await service().anonymous.get('/openapi.json')).text);
      const documented = (name: string) =>
        property.parse(schemas.parse(components.schemas[name]).properties[field]);
      const { maxLength, pattern = '' } = documented('TaskDraft');
      expect(documented('TaskChange')).to.include({ maxLength, pattern });
      expect(documented('Task')).to.include({ maxLength });
      expect(new RegExp(pattern, 'u').test('a\0b'), 'the pattern allows U+0000').to.be.false;
      const longest = '😀'.repeat(maxLength);
      for (const answer of await sendAs(await service().user(), field, longest))
        expect(answer.status, answer.text).to.be.oneOf([200, 201]);
      await expectRefusal(field, `${longest}a`);
    });
  }

  for (const [field, value] of Object.entries(everyField))
    for (const wrong of [1, true, 'true', {}, [value]].filter((other) => typeof other !== typeof value))
      it(`given ${JSON.stringify(wrong)} as ${field}: refused`, () => expectRefusal(field, wrong));
});
