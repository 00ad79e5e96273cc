import { expect } from 'chai';
import { z } from 'zod';
import { readOpenApi } from '../../../support/http/openapi.ts';
import { problemOf, taskOf } from '../../../support/http/response-schemas.ts';
import type { User } from '../../../support/http/service.ts';
import { describeOnEachStore } from '../../../support/http/suites.ts';
import { everyField, kept, textFields } from '../../../support/tasks/task-requests.ts';

/** A property of a schema in the OpenAPI document: one type, or one type and null. */
const property = z
  .looseObject({
    description: z.string().default(''),
    default: z.unknown().optional(),
    anyOf: z.array(z.looseObject({ type: z.string() })).optional(),
  })
  .transform(({ anyOf, ...rest }) => ({
    ...rest,
    ...anyOf?.find(({ type }) => type !== 'null'),
    isNullable: anyOf?.some(({ type }) => type === 'null') ?? false,
  }));
const longText = z.looseObject({ maxLength: z.int() });
const patternedText = z.looseObject({ pattern: z.string() });
const schema = z.looseObject({ properties: z.record(z.string(), z.unknown()) });

describeOnEachStore('422 every field', (service) => {
  /** How the OpenAPI document describes a field. */
  const documented = async (field: string) => {
    const { components } = readOpenApi((await service().anonymous.get('/openapi.json')).text);
    const as = (name: string) => property.parse(schema.parse(components.schemas[name]).properties[field]);
    return { draft: as('TaskDraft'), change: as('TaskChange'), task: as('Task') };
  };

  /** Sends the value as this field, in each kind of body. */
  const sendAs = async (user: User, field: string, value: unknown) => {
    const { id } = await kept(user, everyField);
    const path = `/api/tasks/${id}`;
    return [
      await user.post('/api/tasks', { ...everyField, [field]: value }),
      await user.put(path, { [field]: value }),
      await user.patch(path, { [field]: value }),
    ];
  };

  /** Expects one error, for this field; returns its messages. */
  const expectRefusal = async (field: string, value: unknown): Promise<readonly string[]> => {
    const answers = await sendAs(await service().user(), field, value);
    return answers.flatMap((answer) => {
      expect(answer.status, answer.text).to.equal(422);
      const { errors = [] } = problemOf(answer);
      expect(errors.map((error) => error.field)).to.deep.equal([field]);
      return errors.map(({ message }) => message);
    });
  };

  for (const field of textFields) {
    for (const [what, text] of [
      ['U+0000', 'a\0b'],
      ['the first half of a surrogate pair', 'a\ud83d'],
      ['the second half of a surrogate pair', '\ude00b'],
    ] as const)
      it(`given ${what} in ${field}: refused`, async () => {
        await expectRefusal(field, text);
      });

    it(`given ${field} as long as it is in the OpenAPI document: stored; one character more: refused`, async () => {
      const { draft, change, task } = await documented(field);
      const { maxLength } = longText.parse(task);
      const { pattern } = patternedText.parse(draft);
      expect(change).to.include({ pattern });
      // What is trimmed can be longer in a request.
      for (const sent of [draft, change]) if ('maxLength' in sent) expect(sent).to.include({ maxLength });
      expect(new RegExp(pattern, 'u').test('a\0b'), 'the pattern allows U+0000').to.be.false;
      const longest = '😀'.repeat(maxLength);
      for (const answer of await sendAs(await service().user(), field, longest))
        expect(answer.status, answer.text).to.be.oneOf([200, 201]);
      for (const message of await expectRefusal(field, `${longest}a`))
        expect(message).to.match(new RegExp(`\\b${maxLength} characters`));
    });

    it(`given ${field} in the OpenAPI document: its descriptions name the maximum length`, async () => {
      const { draft, change, task } = await documented(field);
      const { maxLength } = longText.parse(task);
      for (const { description } of [draft, change])
        expect(description).to.match(new RegExp(`\\b${maxLength} characters`));
    });
  }

  for (const [field, value] of Object.entries(everyField)) {
    for (const wrong of [1, true, 'true', {}, [value]].filter((other) => typeof other !== typeof value))
      it(`given ${JSON.stringify(wrong)} as ${field}: refused, and the message names null if it is allowed`, async () => {
        const { isNullable } = (await documented(field)).draft;
        for (const message of await expectRefusal(field, wrong))
          expect(/\bnull\b/.test(message), message).to.equal(isNullable);
      });

    it(`given null as ${field}: the default if the OpenAPI document allows null, else refused`, async () => {
      const { draft, change, task } = await documented(field);
      expect(change.isNullable).to.equal(draft.isNullable);
      if (!draft.isNullable) {
        expect(task.isNullable).to.be.false;
        await expectRefusal(field, null);
        return;
      }
      for (const answer of await sendAs(await service().user(), field, null)) {
        expect(answer.status, answer.text).to.be.oneOf([200, 201]);
        expect(taskOf(answer)).to.have.deep.property(field, draft.default);
      }
    });
  }
});
