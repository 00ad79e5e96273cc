import { parseUserId } from '../../../src/domain/user.ts';
import { readTaskId } from '../../../src/domain/task.ts';
import { decodeCursor } from '../../../src/interfaces/http/tasks/lists/cursor.ts';
import {
  validateEncoding,
  requireValidEncoding,
} from '../../../src/interfaces/http/middleware/validate-encoding.ts';
import { validateRequest } from '../../../src/interfaces/http/middleware/validate-request.ts';
import { readListRequest } from '../../../src/interfaces/http/tasks/lists/read-list-request.ts';
import { taskSelection } from '../../../src/domain/task-list.ts';
import { httpContext, runMiddleware } from '../../support/http/http-context.ts';
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
  itReadsInLinearTime('given a task id', readTaskId, hostileTexts('0199f0c2-7a51-7cc4-b1de-', 'x'));
  itReadsInLinearTime(
    'given a user id',
    parseUserId,
    hostileTexts('', '\0', ['\u{1f600}', '\ud800', '\u00fc']),
  );
});
