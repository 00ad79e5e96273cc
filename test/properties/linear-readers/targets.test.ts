import { parseUserId } from '../../../src/domain/user.ts';
import { readTaskId } from '../../../src/domain/task.ts';
import { decodeCursor } from '../../../src/interfaces/task-representation/lists/cursor.ts';
import {
  validateEncoding,
  requireValidEncoding,
} from '../../../src/interfaces/http/middleware/validate-encoding.ts';
import { validateRequest } from '../../../src/interfaces/http/middleware/validate-request.ts';
import {
  aliases,
  listParameters,
} from '../../../src/interfaces/task-representation/lists/list-parameters.ts';
import { readListRequest } from '../../../src/interfaces/task-representation/lists/read-list-request.ts';
import { taskSelection } from '../../../src/domain/task-list.ts';
import { httpContext, runMiddleware } from '../../support/http/http-context.ts';
import { taskId } from '../../support/tasks/tasks.ts';
import { hostileTexts, itReadsInLinearTime } from '../../support/linear-reader.ts';

const readPath = async (url: string): Promise<void> => {
  const ctx = httpContext({ url });
  await runMiddleware(validateRequest, ctx);
  await runMiddleware(validateEncoding, ctx);
};

const readQuery = (query: string) => {
  requireValidEncoding('query', query);
  return readListRequest(new URLSearchParams(query));
};

/** Combining marks, which NFC sorts, and letters that folding changes. */
const marks = ['%CC%81%CC%A3', '%EF%AC%AC', 'A,', '%F0%9F%98%80'];
const listedNames = [...Object.keys(listParameters), ...Object.keys(aliases)];
const byTitle = taskSelection({}, { by: 'title', direction: 'asc' });

const cursorOf = (text: string) => Buffer.from(text).toString('base64url');

describe('a request target is read in linear time', () => {
  itReadsInLinearTime(
    'given a path',
    readPath,
    hostileTexts('/api/', '%61', ['%2%35', '%C3%BC', '#', '?', '\\']),
  );
  itReadsInLinearTime('given a path of one repeated unit', readPath, hostileTexts());
  itReadsInLinearTime(
    'given an absolute target',
    readPath,
    hostileTexts('http://', '/%61', ['[', '\u00fc', '\\']),
  );
  const names = ['&', 'status=all&', 'limit=1&', 'cursor=a&', '+', '%C3%BC', '%C3'];
  itReadsInLinearTime('given a query', readQuery, hostileTexts('', '', names));
  itReadsInLinearTime('given a status', readQuery, hostileTexts('status=', '', names));
  itReadsInLinearTime('given a limit', readQuery, hostileTexts('limit=', 'x', names));
  for (const name of [
    'priority',
    'tag',
    'tags',
    'due_after',
    'search',
    'q',
    'sort_by',
    'sort_order',
    'offset',
  ])
    itReadsInLinearTime(`given a value of ${name}`, readQuery, hostileTexts(`${name}=`, '', marks));
  itReadsInLinearTime(
    'given many parameters',
    readQuery,
    hostileTexts('', '', [...listedNames.map((name) => `${name}=a&`), 'q=a&search=a&', 'page=1&skip=1&']),
  );
  itReadsInLinearTime('given many names', readQuery, {
    'parameters that are not known': (size) =>
      Array.from({ length: Math.ceil(size / 8) }, (_, n) => `${n.toString(36)}=1`).join('&'),
    'different tags': (size) =>
      `tags=${Array.from({ length: Math.ceil(size / 6) }, (_, n) => n.toString(36)).join()}`,
  });
  itReadsInLinearTime(
    'given a cursor',
    (text: string) => decodeCursor(taskSelection(), text),
    hostileTexts('', '', ['\u00fc']),
  );
  itReadsInLinearTime(
    'given a decoded cursor',
    (text: string) => decodeCursor(taskSelection(), cursorOf(text)),
    hostileTexts('all 2026-11-21T08:00:00.000Z ', 'x'),
  );
  itReadsInLinearTime(
    'given a decoded cursor of titles',
    (text: string) => decodeCursor(byTitle, cursorOf(text)),
    hostileTexts(`all&by=title-asc 2026-11-21T08:00:00.000Z ${taskId(1)} `, '', [
      'a\u0323\u0301',
      '\u0301\u0323',
      '\ufb2c',
    ]),
  );
  itReadsInLinearTime('given a task id', readTaskId, hostileTexts('0199f0c2-7a51-7cc4-b1de-', 'x'));
  itReadsInLinearTime(
    'given a user id',
    parseUserId,
    hostileTexts('', '\0', ['\u{1f600}', '\ud800', '\u00fc']),
  );
});
