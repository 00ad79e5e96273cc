import { expect } from 'chai';
import { responseCheckerFor } from '../../support/http/openapi-check.ts';
import { readOpenApi } from '../../support/http/openapi.ts';
import { describeInMemory } from '../../support/http/suites.ts';
import { absentId } from '../../support/tasks/task-requests.ts';

// The test client compares every response with the document. These tests show that the comparison finds differences.
describeInMemory('200 /openapi.json compared with responses', (service) => {
  const checkError = async (
    change: (answer: { status: number; headers: Record<string, string>; text: string }) => void,
    target = '/api/tasks',
  ): Promise<string> => {
    const user = await service().user();
    const posted = await user.post(target, { title: 'Buy milk' });
    const answer = { ...posted, headers: { ...posted.headers } };
    change(answer);
    const check = responseCheckerFor(readOpenApi((await user.get('/openapi.json')).text));
    try {
      check({ method: 'POST', target }, answer);
    } catch (error) {
      return String(error);
    }
    return '';
  };

  it('given an unchanged response: no error', async () => {
    expect(await checkError(() => undefined)).to.equal('');
  });

  for (const [what, change, message] of [
    ['another status', (answer) => (answer.status = 202), /202 is not documented/],
    ['a missing header', (answer) => delete answer.headers['etag'], /ETag/],
    ['a header with an invalid value', (answer) => (answer.headers['x-request-id'] = 'a b'), /X-Request-Id/],
    ['another media type', (answer) => (answer.headers['content-type'] = 'text/html'), /text\/html/],
    ['a missing member', (answer) => (answer.text = answer.text.replace('"title"', '"name"')), /title/],
    [
      'a member of another type',
      (answer) => (answer.text = answer.text.replace('false', '"no"')),
      /completed/,
    ],
  ] as const satisfies readonly (readonly [
    string,
    (answer: { status: number; headers: Record<string, string>; text: string }) => unknown,
    RegExp,
  ])[]) {
    it(`given ${what}: an error`, async () => {
      expect(await checkError((answer) => void change(answer))).to.match(message);
    });
  }

  it('given an equivalent spelling of a path: its operation is found', async () => {
    const user = await service().user();
    const document = readOpenApi((await user.get('/openapi.json')).text);
    const check = responseCheckerFor(document);
    const answer = await user.get('/nowhere');
    const undocumented = { ...answer, status: 299 };
    for (const target of [
      '/api/tasks',
      '/api/tasks/',
      '/api/tasks?limit=1',
      '/api/%74asks',
      '/api/somebody/tasks',
      `/api/tasks/${absentId}`,
      `/api/a%2Fb/tasks/${absentId}/?x`,
      '/api/tasks/tasks',
      '/health',
      '/',
      '/?x',
    ])
      expect(() => check({ method: 'GET', target }, undocumented), target).to.throw('299 is not documented');
    for (const target of ['//', '/nowhere', '/api/tasks//', '/api', '/api/%zz'])
      check({ method: 'GET', target }, undocumented);
  });
});
