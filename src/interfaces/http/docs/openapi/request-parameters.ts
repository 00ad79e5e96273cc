import type { oas31 } from 'zod-openapi';
import { z } from 'zod';
import { keyLifetimeHours, maxKeyLength } from '../../../../domain/idempotency/idempotency-key.ts';
import { acceptableId } from '../../request/request-id.ts';
import { taskResource } from '../../../task-representation/task-schemas.ts';

const header = (name: string, schema: oas31.SchemaObject, description: string): oas31.ParameterObject => ({
  in: 'header',
  name,
  schema,
  description,
});

/** The request header fields of operations, by name. */
export const requestHeaders = {
  'If-Match': header(
    'If-Match',
    { type: 'string' },
    'Entity tags, such as `"41"`: the task is written only if it has one of them, else it is 412. ' +
      'Without it the write is unconditional. Made from the `revision` in the body, it is right also where a proxy makes ' +
      'the `ETag` weak; a weak entity tag never matches.',
  ),
  'If-None-Match': header(
    'If-None-Match',
    { type: 'string' },
    'Entity tags: if the current representation has one of them, the response is 304 without a body.',
  ),
  'Last-Event-ID': header(
    'Last-Event-ID',
    { type: 'string' },
    'The id of the last event that you have received: an event with the same id is not sent again. Any other text is ignored.',
  ),
  'Idempotency-Key': header(
    'Idempotency-Key',
    {
      type: 'string',
      minLength: 1,
      pattern: '^[\\x21-\\x7e]+$',
      // Not the example of the parameter: the documentation page would send it with every request.
      examples: ['8e03978e-40d5-43dd-bc93-6894a57f9324'],
    },
    `Lets the request be sent again: 1 to ${maxKeyLength} visible ASCII characters that you choose, such as a UUID, as they ` +
      'are or as a quoted string (RFC 8941). The first request that takes effect keeps its response for ' +
      `${keyLifetimeHours} hours; later ones of the same user with the same key, method, path, \`If-Match\` and body get this ` +
      'response again, and do nothing. A request that is refused, or fails without an effect, leaves the key free.',
  ),
  'X-Request-Id': header(
    'X-Request-Id',
    { type: 'string', pattern: acceptableId.source },
    'An id of your own for the request: 1 to 128 letters, digits, dots, dashes and underscores. Any other is replaced.',
  ),
};

export const headerParameters = (...names: readonly (keyof typeof requestHeaders)[]) =>
  names.map((name) => ({ $ref: `#/components/parameters/${name}` }));

const { id, user_id: userId } = taskResource.shape;

/** Path parameters, by their names in the templates. */
const pathParameters: Readonly<Record<string, z.ZodType>> = {
  id: id.meta({ description: 'The id of the task; any other text is 404.' }),
  user_id: userId.meta({
    description:
      'The user of the token; any other is 403. A user named `tasks`, `.` or `..` has the other paths alone.',
    override: { pattern: '^(?!(?:tasks|\\.|\\.\\.)$)' },
  }),
};

/** The parameters in a template, such as `/api/{user_id}/tasks`. */
export const pathParametersOf = (template: string) =>
  z.object(
    Object.fromEntries(Object.entries(pathParameters).filter(([name]) => template.includes(`{${name}}`))),
  );
