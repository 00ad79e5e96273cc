import { expect } from 'chai';
import { expectLinearGrowth } from '../../support/growth.ts';
import { problemOf } from '../../support/http/response-schemas.ts';
import { sendRaw } from '../../support/http/raw-http.ts';
import { ownService } from '../../support/http/suites.ts';

/** Bytes that Node's parser refuses, with a filling of variable length. No token is needed to send them. */
const hostile: readonly (readonly [what: string, status: number, make: (filling: string) => string])[] = [
  [
    'an X-Request-Id that ends in a control character',
    400,
    (filling) => `GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${filling}a\u001b`,
  ],
  [
    'an unknown method, and an X-Request-Id of two words',
    501,
    (filling) => `FOO / HTTP/1.1\r\nHost: x\r\nX-Request-Id: a${filling}b\r\n\r\n`,
  ],
  [
    'an unknown method, and an X-Request-Id of two words after blanks',
    501,
    (filling) => `FOO / HTTP/1.1\r\nHost: x\r\nX-Request-Id:${filling}a b\r\n\r\n`,
  ],
  [
    'an X-Request-Id between blanks, and a malformed header field',
    400,
    (filling) => `GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id:${filling}a${filling}\r\nnonsense\r\n\r\n`,
  ],
];

/** Sizes of the filling in bytes; twice the largest is within the header limit. */
const sizes = [31, 125, 500, 2_000, 8_000];

describe('400 and 501 for hostile bytes', () => {
  const service = ownService();

  for (const listener of ['port', 'operationsPort'] as const) {
    describe(listener === 'port' ? 'on the public listener' : 'on the operations listener', () => {
      for (const [what, status, make] of hostile) {
        for (const blank of [' ', '\t']) {
          const name = `${what}, with ${blank === ' ' ? 'blanks' : 'tabs'}`;

          it(`given ${name}: ${status} with an X-Request-Id`, async () => {
            const { answers } = await sendRaw(service()[listener], make(blank.repeat(2_000)), { answers: 1 });
            expect(answers.map((answer) => answer.status)).to.deep.equal([status]);
            expect(answers[0]?.headers['x-request-id']).to.match(/^[0-9a-f-]{36}$|^a$/);
            expect(answers.map((answer) => problemOf(answer).code)).to.deep.equal(['malformed_request']);
          });

          it(`given ${name}: the responses of another client take linear time`, async function () {
            this.timeout(60_000);
            await expectLinearGrowth(
              (size) => () =>
                Promise.all([
                  sendRaw(service()[listener], make(blank.repeat(size)), { answers: 1 }),
                  service().anonymous.get('/health/live'),
                ]),
              { sizes },
            );
          });
        }
      }
    });
  }
});
