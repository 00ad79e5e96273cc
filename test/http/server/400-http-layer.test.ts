import { expect } from 'chai';
import { problemOf } from '../../support/http/response-schemas.ts';
import { describeInMemory, ownService } from '../../support/http/suites.ts';

/** Bytes that are not a valid HTTP/1.x request, and the status of the response. */
const requests: readonly (readonly [what: string, bytes: string | Buffer, status: number])[] = [
  ['letters only', 'hello\r\n\r\n', 400],
  ['a line of letters', 'hello world\r\n\r\n', 400],
  ['a TLS ClientHello', Buffer.from('16030100f5010000f10303abcdef0011', 'hex'), 400],
  ['all byte values', Buffer.from(Array.from({ length: 256 }, (_, n) => n)), 400],
  ['NULs', Buffer.alloc(100), 400],
  ['an SSH identification string', 'SSH-2.0-OpenSSH_9.6\r\n', 400],
  ['a Redis command', '*1\r\n$4\r\nPING\r\n', 400],
  ['a request line without a version', 'GET /health\r\nHost: a\r\n\r\n', 505],
  ['a request line without a target', 'GET HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a blank in the target', 'GET /health x HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['another protocol', 'GET /health FTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a control character in the target', 'GET /hea\x01lth HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a header without a colon', 'GET /health HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n', 400],
  ['a header with a blank before its colon', 'GET /health HTTP/1.1\r\nHost : a\r\n\r\n', 400],
  ['a header without a name', 'GET /health HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n', 400],
  ['a header with NUL', 'GET /health HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n', 400],
  ['a lone CR in a header', 'GET /health HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n', 400],
  ['a folded header', 'GET /health HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n', 400],
  [
    'a Content-Length that is not a number',
    'POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
    400,
  ],
  ['a negative Content-Length', 'POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n', 400],
  ['a signed Content-Length', 'POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx', 400],
  [
    'a Content-Length above 64 bits',
    `POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: ${'9'.repeat(30)}\r\n\r\n`,
    400,
  ],
  [
    'two Content-Length fields',
    'POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
    400,
  ],
  [
    'a list of lengths in Content-Length',
    'POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\nxx',
    400,
  ],
  [
    'a Content-Length and a chunked body',
    'POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  [
    'an unknown transfer coding',
    'POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: nonsense\r\n\r\n',
    400,
  ],
  [
    'chunked, but not last',
    'POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400],
  ['two Hosts', 'GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
  ['the same Host twice', 'GET /health HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n', 400],
  ['no Host, at a path that needs a token', 'GET /api/tasks HTTP/1.1\r\n\r\n', 400],
  ['two Hosts in HTTP/1.0', 'GET /health HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n', 400],
  ['a request line of 20,000 letters', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
  ['a query of 20,000 letters', `GET /health?${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
  ['a request line of a million letters', `GET /${'a'.repeat(1_000_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
  ['a request line without an end', `GET /${'a'.repeat(40_000)}`, 414],
  [
    'an unknown expectation',
    'POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nExpect: nonsense\r\n\r\n',
    417,
  ],
  ['an expectation of a status', 'GET /health HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n', 417],
  ['a header of 17 KiB', `GET /health HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(17 * 1024)}\r\n\r\n`, 431],
  [
    'many headers of 17 KiB together',
    `GET /health HTTP/1.1\r\nHost: a\r\n${`X: ${'a'.repeat(50)}\r\n`.repeat(350)}\r\n`,
    431,
  ],
  ['a header without an end', `GET /health HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(40_000)}`, 431],
  ['a header name without an end', `GET /health HTTP/1.1\r\nHost: a\r\n${'a'.repeat(40_000)}`, 431],
  ['a header of a megabyte', `GET /health HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(1_000_000)}\r\n\r\n`, 431],
  [
    'a token of 20,000 letters',
    `GET /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${'a'.repeat(20_000)}\r\n\r\n`,
    431,
  ],
  ['an unknown method', 'FROBNICATE /health HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ['an unknown method of one letter', 'X /api/tasks HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ['an unknown method that starts with a known one', 'GETS /health HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ['a method in lower case', 'get /health HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ['a method with a hyphen', 'M-SEARCHES /health HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ['a method of digits', '123 /health HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ['an unknown method without Host', 'FOO / HTTP/1.1\r\n\r\n', 501],
  ['HTTP/2.0', 'GET /health HTTP/2.0\r\nHost: a\r\n\r\n', 505],
  ['HTTP/0.9 as the version', 'GET /health HTTP/0.9\r\n\r\n', 505],
  ['HTTP/1.2', 'GET /health HTTP/1.2\r\nHost: a\r\n\r\n', 505],
  ['HTTP/3.0', 'GET /health HTTP/3.0\r\nHost: a\r\n\r\n', 505],
  ['HTTP/9.9', 'GET /health HTTP/9.9\r\nHost: a\r\n\r\n', 505],
  ['the HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
];

const codes: Readonly<Record<number, string>> = { 431: 'headers_too_large' };

describeInMemory('400 and other statuses of the HTTP layer', (service) => {
  for (const [what, bytes, status] of requests) {
    it(`given ${what}: ${status}`, async () => {
      const { answers, closed } = await service().raw(bytes, {
        then: (socket) => void setTimeout(() => socket.end(), 50),
      });
      expect(answers.map((answer) => answer.status)).to.deep.equal([status]);
      expect(answers.map((answer) => problemOf(answer).code)).to.deep.equal([
        codes[status] ?? 'malformed_request',
      ]);
      expect(closed).to.be.true;
    });
  }

  it('given an HTTP/0.9 request: 505 as HTTP/1.1', async () => {
    const { answers, bytes } = await service().raw('GET /health\r\n\r\n');
    expect(bytes.toString()).to.match(/^HTTP\/1\.1 505 /);
    expect(answers).to.have.length(1);
  });

  it('given one header field of 16 KiB: 200', async () => {
    const fields = ['Host: a', 'Connection: close', 'X: '];
    const used = fields.join('\r\n').length + 2;
    const { answers } = await service().raw(
      `GET /health HTTP/1.1\r\n${fields.join('\r\n')}${'a'.repeat(16 * 1024 - used)}\r\n\r\n`,
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([200]);
  });

  it('given many header fields of 16 KiB together: 200', async () => {
    const field = `X: ${'a'.repeat(95)}\r\n`; // 100 bytes
    const { answers } = await service().raw(
      `GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${field.repeat(163)}\r\n`,
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([200]);
  });

  it('given a target of 8,000 bytes: 200', async () => {
    const { answers } = await service().raw(
      `GET /health?${'a'.repeat(8000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([200]);
  });

  it('given an empty line before a request: 200', async () => {
    const { answers } = await service().raw(
      '\r\nGET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([200]);
  });

  it('given HTTP/1.0 with or without Host: 200, and the connection is closed', async () => {
    for (const host of ['', 'Host: a\r\n']) {
      const { answers, closed } = await service().raw(`GET /health HTTP/1.0\r\n${host}\r\n`);
      expect(answers.map(({ status }) => status)).to.deep.equal([200]);
      expect(closed).to.be.true;
    }
  });

  it('given an empty Host: 200', async () => {
    const { answers } = await service().raw('GET /health HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n');
    expect(answers.map(({ status }) => status)).to.deep.equal([200]);
  });

  it('given a target in absolute form: the status of its path', async () => {
    const { token } = await service().user();
    for (const [target, status] of [
      ['http://a/health', 200],
      ['http://a:8000/health?x=y', 200],
      ['https://elsewhere.example/health', 200],
      ['http://a', 200],
      ['http://a/nowhere', 404],
      ['http://a/api/tasks?limit=1', 200],
      ['http://a/api/somebody/tasks', 403],
      ['http://a/api/%zz', 400],
    ] as const) {
      const { answers } = await service().raw(
        `GET ${target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
      );
      expect(
        answers.map((answer) => answer.status),
        target,
      ).to.deep.equal([status]);
    }
    const { answers } = await service().raw(
      'GET http://a/api/tasks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([401]);
  });

  it('given a target without a leading slash: 400 or 404', async () => {
    for (const target of ['health', '*', 'api/tasks', '?x=y', '#x', 'a:1']) {
      const { answers } = await service().raw(
        `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      );
      expect(answers.map(({ status }) => status)[0], target).to.be.oneOf([400, 404]);
    }
  });

  it('given OPTIONS *: 404', async () => {
    const { answers } = await service().raw('OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(answers.map(({ status }) => status)).to.deep.equal([404]);
  });

  for (const [target, anonymous, authorized] of [
    ['a:443', 501, 501],
    ['a.example:80', 501, 501],
    ['http://a/api/tasks', 501, 501],
    ['/api/tasks', 401, 405],
    ['/nowhere', 404, 404],
  ] as const) {
    it(`given CONNECT ${target}: no tunnel, ${anonymous} without a token and ${authorized} with one`, async () => {
      const { token } = await service().user();
      const request = (fields: string) =>
        `CONNECT ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n`;
      for (const [fields, status] of [
        ['', anonymous],
        [`Authorization: Bearer ${token}\r\n`, authorized],
      ] as const) {
        const { answers, closed } = await service().raw(request(fields));
        expect(answers.map((answer) => answer.status)).to.deep.equal([status]);
        expect(closed).to.be.true;
      }
    });
  }

  for (const protocol of ['websocket', 'h2c', 'TLS/1.0', 'nonsense']) {
    it(`given Upgrade: ${protocol}: the connection stays HTTP/1.1`, async () => {
      const { answers } = await service().raw(
        `GET /health HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`,
        {
          answers: 2,
          then: (socket) =>
            void socket.once('data', () => socket.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n')),
        },
      );
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200]);
    });
  }

  it('given TRACE with Max-Forwards: 0: the token is not echoed', async () => {
    const { token } = await service().user();
    const { bytes } = await service().raw(
      `TRACE /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nMax-Forwards: 0\r\nConnection: close\r\n\r\n`,
    );
    expect(bytes.toString()).not.to.include(token);
  });
});

describe('408 of the HTTP layer', () => {
  const service = ownService();

  for (const [what, bytes] of [
    ['a header field', 'GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: '],
    ['a request line', 'GET /hea'],
  ] as const) {
    it(`given ${what} that is not completed in time: 408`, async () => {
      service().server.headersTimeout = 100; // Node checks it once a second
      const { answers, closed } = await service().raw(bytes);
      expect(answers.map(({ status }) => status)).to.deep.equal([408]);
      expect(answers.map((answer) => problemOf(answer).code)).to.deep.equal(['malformed_request']);
      expect(closed).to.be.true;
    });
  }

  it('given a body that is not completed in time: 408', async () => {
    const { token } = await service().user();
    service().server.requestTimeout = 200;
    const { answers, closed } = await service().raw(
      `POST /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"tit`,
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([408]);
    expect(closed).to.be.true;
  });
});
