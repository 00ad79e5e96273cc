import { expectLinearGrowth } from '../../support/growth.ts';
import { sendRaw } from '../../support/http/raw-http.ts';
import type { User } from '../../support/http/service.ts';
import { ownService } from '../../support/http/suites.ts';

const fields: readonly (readonly [name: string, begin: string, end: string])[] = [
  ['Accept', 'application/json;a="', 'x'],
  ['Accept-Charset', '', 'x'],
  ['Accept-Encoding', '', 'x'],
  ['Accept-Language', '', 'x'],
  ['Authorization', 'Bearer ', ' x'],
  ['Cache-Control', '', 'x'],
  ['Connection', 'close,', 'x'],
  ['Content-Type', 'application/json;charset=', 'x'],
  ['Cookie', '', 'x'],
  ['Expect', '100-continue', 'x'],
  ['Forwarded', 'for="', 'x'],
  ['Host', '', 'x'],
  ['If-Match', '"1"', 'x'],
  ['If-Modified-Since', '', 'x'],
  ['If-None-Match', '"1"', 'x'],
  ['Origin', 'http://', 'x'],
  ['Range', 'bytes=', 'x'],
  ['Transfer-Encoding', 'gzip,', 'chunked'],
  ['Upgrade', '', 'x'],
  ['X-Forwarded-For', '', 'x'],
  ['X-Request-Id', '', 'x'],
];

const units = [' ', ',', ';', '"', '",', '=', 'a.', '/', '%61', 'a'];

/** Sizes of one field in bytes; the largest is within the header limit. */
const sizes = [60, 240, 960, 3_840, 15_360];

describe('200 in linear time for hostile header fields', function () {
  this.timeout(120_000);
  const service = ownService({
    environment: { TRUST_PROXY_HOPS: '20', RATE_LIMIT_MAX: '0', RATE_LIMIT_ADDRESS_MAX: '1000000000' },
  });
  let user: User;
  before(async () => {
    user = await service().user();
  });

  const expectResponse = async (target: string, field: string): Promise<void> => {
    const token = field.startsWith('Authorization') ? '' : `Authorization: Bearer ${user.token}\r\n`;
    const host = field.startsWith('Host') ? '' : 'Host: a\r\n';
    const request = `GET ${target} HTTP/1.1\r\n${host}${token}${field}\r\n\r\n`;
    const { answers } = await sendRaw(service().port, request, { answers: 1 });
    if (answers.length !== 1) throw new Error('No response');
  };

  const expectLinear = async (make: (filling: string) => readonly [target: string, field: string]) => {
    for (const unit of units) {
      await expectLinearGrowth((size) => () => expectResponse(...make(unit.repeat(size / unit.length))), {
        sizes,
      });
    }
  };

  for (const [name, begin, end] of fields) {
    it(`given a hostile ${name}: linear time`, () =>
      expectLinear((filling) => ['/api/tasks', `${name}: ${begin}${filling}${end}`]));
  }

  it('given many fields: linear time', () =>
    expectLinear((filling) => ['/api/tasks', `X: a\r\n${'X-A:\r\n'.repeat(filling.length / 8)}X: a`]));
});

describe('200 in linear time for hostile request targets', function () {
  this.timeout(120_000);
  const service = ownService();
  let user: User;
  before(async () => {
    user = await service().user();
  });

  for (const [what, begin, end] of [
    ['a path below the tasks', '/api/tasks/', '/x'],
    ['a path below a user', '/api/', '/tasks/x'],
    ['a path below the documentation', '/docs/', ''],
    ['a query', '/api/tasks?', ''],
    ['a cursor', '/api/tasks?cursor=', ''],
    ['an absolute target', 'http://', '/api/tasks'],
  ] as const) {
    it(`given ${what} of repeated units: linear time`, async () => {
      for (const unit of [
        ...units.filter((unit) => !unit.includes(' ')),
        '&',
        'a=b&',
        'tasks/',
        '%',
        '?',
        '#',
        '@',
      ]) {
        await expectLinearGrowth(
          (size) => async () => {
            const target = begin + unit.repeat(size / unit.length) + end;
            const request = `GET ${target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${user.token}\r\n\r\n`;
            const { answers } = await sendRaw(service().port, request, { answers: 1 });
            if (answers.length !== 1) throw new Error('No response');
          },
          { sizes },
        );
      }
    });
  }
});
