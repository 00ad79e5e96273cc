import { expect } from 'chai';
import { listOf } from '../../support/http/response-schemas.ts';
import { ownService } from '../../support/http/suites.ts';

const app = 'https://app.example.com';

/** Requests that are not routed, by what is wrong with them; `fields` are further header fields. */
const requests: Readonly<Record<string, readonly [status: number, request: (fields: string) => string]>> = {
  'a header without a colon': [400, (fields) => `GET / HTTP/1.1\r\n${fields}nonsense\r\n\r\n`],
  'two Hosts': [400, (fields) => `GET / HTTP/1.1\r\n${fields}Host: b\r\n\r\n`],
  'a chunk without a length': [
    400,
    (fields) => `POST /api/tasks HTTP/1.1\r\n${fields}Transfer-Encoding: chunked\r\n\r\nnonsense\r\n`,
  ],
  'another expectation': [417, (fields) => `GET / HTTP/1.1\r\n${fields}Expect: x\r\n\r\n`],
  'a header of 20,000 letters': [
    431,
    (fields) => `GET / HTTP/1.1\r\n${fields}X: ${'a'.repeat(20_000)}\r\n\r\n`,
  ],
  'an unknown method': [501, (fields) => `FROBNICATE / HTTP/1.1\r\n${fields}\r\n`],
  CONNECT: [501, (fields) => `CONNECT a:443 HTTP/1.1\r\n${fields}\r\n`],
  'an unknown version': [505, (fields) => `GET / HTTP/2.0\r\n${fields}\r\n`],
};

describe('CORS on the responses of the HTTP layer', () => {
  const service = ownService({ environment: { CORS_ORIGINS: app } });
  const fieldsFor = (origin: string): string => `Host: a\r\nOrigin: ${origin}\r\nConnection: close\r\n`;

  for (const [what, [status, request]] of Object.entries(requests)) {
    it(`given ${what} and a configured origin: ${status} with CORS headers`, async () => {
      const { answers } = await service().raw(request(fieldsFor(app)));
      expect(answers.map((answer) => answer.status)).to.deep.equal([status]);
      for (const { headers } of answers) {
        expect(headers).to.include({
          'access-control-allow-origin': app,
          'access-control-allow-credentials': 'true',
        });
        expect(listOf(headers['access-control-expose-headers'])).to.include('x-request-id');
        expect(listOf(headers['vary'])).to.include('origin');
      }
    });

    it(`given ${what} and another origin, or two: ${status} without CORS headers`, async () => {
      for (const origin of ['https://evil.example.com', `${app}\r\nOrigin: ${app}`, `${app}\nX: y`, '']) {
        const { answers } = await service().raw(request(fieldsFor(origin)));
        expect(answers).to.have.length(1);
        for (const { headers } of answers) {
          expect(headers).not.to.include.keys('access-control-allow-origin', 'x');
          expect(listOf(headers['vary'])).to.include('origin');
        }
      }
    });
  }

  it('given a configured origin and a body that is not completed in time: 408 with CORS headers', async () => {
    const { token } = await service().user();
    Object.assign(service().server, { headersTimeout: 100, requestTimeout: 200 }); // Node checks them once a second
    const fields = `${fieldsFor(app)}Authorization: Bearer ${token}\r\nX-Request-Id: late\r\n`;
    const { answers } = await service().raw(
      `POST /api/tasks HTTP/1.1\r\n${fields}Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{"tit`,
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([408]);
    expect(answers[0]?.headers).to.include({ 'access-control-allow-origin': app, 'x-request-id': 'late' });
  });

  it('given a request line that is too long: 414, with CORS headers where Origin has arrived with it', async () => {
    const line = `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n`;
    for (const [bytes, allowed] of [
      [`${line}${fieldsFor(app)}\r\n`, app],
      [line, undefined],
    ] as const) {
      const { answers } = await service().raw(bytes);
      expect(answers.map(({ status }) => status)).to.deep.equal([414]);
      expect(answers[0]?.headers['access-control-allow-origin']).to.equal(allowed);
      expect(listOf(answers[0]?.headers['vary'])).to.include('origin');
    }
  });
});
