import type { Socket } from 'node:net';
import { expect } from 'chai';
import { problemOf, taskOf } from '../../support/http/response-schemas.ts';
import { describeInMemory } from '../../support/http/suites.ts';

const get = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n';
const lastGet = 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const garbage = 'garbage\r\n\r\n';

describeInMemory('200 on a connection', (service) => {
  const statuses = async (bytes: string | Buffer, methods: readonly string[] = []) => {
    const { answers, closed } = await service().raw(bytes, { methods });
    expect(closed).to.be.true;
    return answers.map(({ status }) => status);
  };
  const post = async (body: string, fields = '') => {
    const { token } = await service().user();
    return `POST /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n${fields}\r\n${body}`;
  };
  const chunked = 'Transfer-Encoding: chunked\r\n';
  const task = '{"title":"Buy milk"}';

  it('given pipelined requests: responses in order', async () => {
    const nowhere = 'GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n';
    const refused = 'GET /api/tasks HTTP/1.1\r\nHost: a\r\n\r\n';
    const head = 'HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n';
    expect(
      await statuses(get + nowhere + refused + head + lastGet, ['GET', 'GET', 'GET', 'HEAD']),
    ).to.deep.equal([200, 404, 401, 200, 200]);
  });

  it('given garbage after two requests: two responses, then 400, then nothing', async () => {
    expect(await statuses(get + get + garbage + get)).to.deep.equal([200, 200, 400]);
  });

  it('given a half-closed connection after complete requests: a response for each', async () => {
    const { token } = await service().user();
    const list = `GET /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    const halfClose = { then: (socket: Socket) => void socket.end() };
    for (const request of [get, list, list + list, await post(task, 'Content-Length: 20\r\n')]) {
      const { answers, closed } = await service().raw(request, halfClose);
      expect(answers.map(({ status }) => status)).not.to.include(400);
      expect(answers).to.have.length(request === list + list ? 2 : 1);
      expect(closed).to.be.true;
    }
  });

  it('given a half-closed connection after an incomplete request: 400', async () => {
    const halfClose = { then: (socket: Socket) => void socket.end() };
    for (const request of [
      'GET /hea',
      'GET /health HTTP/1.1\r\nHost: a\r\n',
      await post('{"title":', 'Content-Length: 20\r\n'),
      await post('5\r\n{"tit', chunked),
      await post('\x1f\x8b\x08\0', 'Content-Length: 20\r\nContent-Encoding: gzip\r\n'),
    ]) {
      const { answers, closed } = await service().raw(request, halfClose);
      expect(
        answers.map(({ status }) => status),
        request,
      ).to.deep.equal([400]);
      expect(closed).to.be.true;
    }
  });

  it('given an unknown Expect after two requests: 417 as the third response', async () => {
    const expectation = 'GET /health HTTP/1.1\r\nHost: a\r\nExpect: nonsense\r\n\r\n';
    expect((await statuses(get + get + expectation + lastGet)).slice(0, 3)).to.deep.equal([200, 200, 417]);
  });

  it('given garbage after slow requests: the responses, then 400', async () => {
    const { token } = await service().user();
    const list = `GET /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    expect(await statuses(list + list + list + garbage)).to.deep.equal([200, 200, 200, 400]);
  });

  it('given CONNECT or a malformed body after slow requests: their responses come first', async () => {
    const { token } = await service().user();
    const list = `GET /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    for (const target of ['a:443', '/api/tasks'])
      expect(
        (await statuses(`${list}${list}CONNECT ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)).slice(0, 2),
      ).to.deep.equal([200, 200]);
    expect(await statuses(list + list + (await post('x\r\n', chunked)))).to.deep.equal([200, 200, 400]);
  });

  it('given connections that are reset at any point: the service keeps responding', async () => {
    const requests = [
      'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n',
      'CONNECT /api/tasks HTTP/1.1\r\nHost: a\r\n\r\n',
      await post('{"tit', 'Content-Length: 20\r\n'),
      await post('5\r\n{"tit', chunked),
      await post('\x1f\x8b\x08\x00', 'Content-Length: 100\r\nContent-Encoding: gzip\r\n'),
      (await post('5\r\n{"tit', chunked)).replace('application/json', 'text/plain'),
      await post(task, 'Content-Length: 20\r\n'),
      get + get + get,
      'GET /hea',
      garbage,
    ];
    for (const request of requests) {
      for (const milliseconds of [0, 1, 5]) {
        await service().raw(request, {
          then: (socket) => void setTimeout(() => socket.resetAndDestroy(), milliseconds),
        });
      }
    }
    expect((await service().anonymous.get('/health')).status).to.equal(200);
  });

  for (const [what, request, status] of [
    ['401', 'GET /api/tasks HTTP/1.1\r\nHost: a\r\n\r\n', 401],
    ['404', 'GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n', 404],
    ['405', 'DELETE /health HTTP/1.1\r\nHost: a\r\n\r\n', 405],
    ['400', 'GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['401 with a body', 'POST /api/tasks HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde', 401],
    [
      '401 with a chunked body',
      'POST /api/tasks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
      401,
    ],
    ['404 with a body', 'POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /', 404],
  ] as const) {
    it(`given a request after ${what}: 200`, async () => {
      expect(await statuses(request + lastGet)).to.deep.equal([status, 200]);
    });
  }

  it('given a request after a body that is refused with 413, 415, 422 or 400: 200', async () => {
    const tooLarge = 'x'.repeat(70_000);
    expect(await statuses((await post(tooLarge, 'Content-Length: 70000\r\n')) + lastGet)).to.deep.equal([
      413, 200,
    ]);
    expect(await statuses((await post('{}', 'Content-Length: 2\r\n')) + lastGet)).to.deep.equal([422, 200]);
    expect(await statuses((await post('{', 'Content-Length: 1\r\n')) + lastGet)).to.deep.equal([400, 200]);
    expect(
      await statuses((await post('xx', 'Content-Length: 2\r\nContent-Encoding: zstd\r\n')) + lastGet),
    ).to.deep.equal([415, 200]);
    expect(
      await statuses((await post('xx', 'Content-Length: 2\r\nContent-Encoding: gzip\r\n')) + lastGet),
    ).to.deep.equal([400, 200]);
  });

  it('given a request inside a body: it is not executed', async () => {
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
    for (const method of ['GET', 'DELETE', 'OPTIONS', 'HEAD'])
      expect(
        await statuses(
          `${method} /health HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}${lastGet}`,
          [method],
        ),
        method,
      ).to.deep.equal([method === 'DELETE' ? 405 : method === 'OPTIONS' ? 204 : 200, 200]);
  });

  for (const [what, body] of [
    ['one chunk', '14\r\n{"title":"Buy milk"}\r\n0\r\n\r\n'],
    ['many chunks', `${Array.from(task, (letter) => `1\r\n${letter}\r\n`).join('')}0\r\n\r\n`],
    ['sizes with leading zeros', '0014\r\n{"title":"Buy milk"}\r\n000\r\n\r\n'],
    ['an extension', '14;name=value\r\n{"title":"Buy milk"}\r\n0\r\n\r\n'],
    ['trailers', '14\r\n{"title":"Buy milk"}\r\n0\r\nX-Trailer: x\r\n\r\n'],
  ] as const) {
    it(`given a chunked body with ${what}: 201`, async () => {
      expect(await statuses((await post(body, chunked)) + lastGet)).to.deep.equal([201, 200]);
    });
  }

  for (const [what, body] of [
    ['a size that is not a number', 'xyz\r\n{"title":"Buy milk"}\r\n0\r\n\r\n'],
    ['a size with a sign', '+14\r\n{"title":"Buy milk"}\r\n0\r\n\r\n'],
    ['a negative size', '-14\r\n{"title":"Buy milk"}\r\n0\r\n\r\n'],
    ['a size above 64 bits', `${'f'.repeat(20)}\r\n{"title":"Buy milk"}\r\n0\r\n\r\n`],
    ['a size that is too small', '5\r\n{"title":"Buy milk"}\r\n0\r\n\r\n'],
    ['no line end after a chunk', '14\r\n{"title":"Buy milk"}0\r\n\r\n'],
    ['an empty size', '\r\n{"title":"Buy milk"}\r\n0\r\n\r\n'],
  ] as const) {
    it(`given a chunked body with ${what}: 400`, async () => {
      const { answers, closed } = await service().raw((await post(body, chunked)) + lastGet);
      expect(answers.map(({ status }) => status)).to.deep.equal([400]);
      expect(answers.map((answer) => problemOf(answer).code)).to.deep.equal(['malformed_request']);
      expect(closed).to.be.true;
    });
  }

  it('given Expect: 100-continue: 100 before the body is sent, then 201', async () => {
    const request = await post('', `Content-Length: ${task.length}\r\nExpect: 100-continue\r\n`);
    const { answers, interim } = await service().raw(request, {
      answers: 1,
      then: (socket) => void socket.once('data', () => socket.write(task)),
    });
    expect(interim).to.deep.equal([100]);
    expect(answers.map(({ status }) => status)).to.deep.equal([201]);
    expect(answers.map((answer) => taskOf(answer).title)).to.deep.equal(['Buy milk']);
  });

  it('given Expect: 100-Continue in other letter case: 100; given HTTP/1.0: no 100', async () => {
    const fields = `Content-Length: ${task.length}\r\nExpect: 100-Continue\r\nConnection: close\r\n`;
    const request = await post(task, fields);
    expect((await service().raw(request)).interim).to.deep.equal([100]);
    const old = await service().raw(request.replace('HTTP/1.1', 'HTTP/1.0'));
    expect(old.interim).to.deep.equal([]);
    expect(old.answers.map(({ status }) => status)).to.deep.equal([201]);
  });

  for (const [what, from, to, status] of [
    ['401', /Authorization.*\r\n/, '', 401],
    ['403', '/api/tasks', '/api/somebody/tasks', 403],
    ['404', '/api/tasks', '/nowhere', 404],
    ['405', 'POST', 'DELETE', 405],
    ['415', 'application/json', 'text/plain', 415],
    ['415 for the content coding', 'application/json', 'application/json\r\nContent-Encoding: zstd', 415],
    ['413', 'Content-Length: 20', 'Content-Length: 70000', 413],
    ['406', 'Host: a', 'Host: a\r\nAccept: text/html', 406],
    ['400', '/api/tasks', '/api/tasks?x=%zz', 400],
  ] as const) {
    it(`given Expect: 100-continue and a request that is refused with ${what}: no 100`, async () => {
      const request = (await post('', `Content-Length: ${task.length}\r\nExpect: 100-continue\r\n`)).replace(
        from,
        to,
      );
      const { answers, interim, closed } = await service().raw(request);
      expect(answers.map((answer) => answer.status)).to.deep.equal([status]);
      expect(interim).to.deep.equal([]);
      expect(closed).to.be.true; // the server cannot know whether the body follows
    });
  }

  it('given another media type with Expect: 100-continue and no body: 415', async () => {
    for (const length of ['Content-Length: 5\r\n', chunked]) {
      const request = (await post('', `${length}Expect: 100-continue\r\n`)).replace(
        'application/json',
        'text/plain',
      );
      const { answers } = await service().raw(request);
      expect(answers.map(({ status }) => status)).to.deep.equal([415]);
    }
  });

  const refusals = [
    [401, /Authorization.*\r\n/, ''],
    [403, '/api/tasks', '/api/somebody/tasks'],
    [413, 'x', 'x'],
    [415, 'application/json', 'text/plain'],
    [404, '/api/tasks', '/nowhere'],
    [405, 'POST', 'DELETE'],
  ] as const;
  for (const length of ['Content-Length: 1000000000\r\n', chunked]) {
    it(`given an endless body (${length.trim()}) and a request that is refused: a response, then the connection is closed`, async () => {
      const responses = refusals.map(async ([status, from, to]) => {
        const request = (await post('', length)).replace(from, to);
        const { answers, closed } = await service().raw(request, { then: sendEndlessly(length === chunked) });
        expect(answers.map((answer) => answer.status)).to.deep.equal([status]);
        expect(closed, String(status)).to.be.true;
      });
      await Promise.all(responses);
    });
  }

  it('given a client that reads only after sending a body over the limit: 413', async () => {
    const { token } = await service().user();
    const body = 'x'.repeat(5_000_000);
    const { answers } = await service().raw(
      `POST /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      { answers: 1 },
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([413]);
  });

  it('given a request without a token after an authenticated one: 401', async () => {
    const { token } = await service().user();
    const authorized = `GET /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    const refused = 'GET /api/tasks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    expect(await statuses(authorized + refused)).to.deep.equal([200, 401]);
  });
});

const sendEndlessly =
  (isChunked: boolean) =>
  (socket: Socket): void => {
    const piece = isChunked ? `1000\r\n${'x'.repeat(4096)}\r\n` : 'x'.repeat(4096);
    const write = () => {
      if (!socket.destroyed) socket.write(piece, () => setTimeout(write, 1));
    };
    write();
  };
