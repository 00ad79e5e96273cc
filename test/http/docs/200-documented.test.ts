import { expect } from 'chai';
import { responseCheckerFor } from '../../support/http/openapi-check.ts';
import { readOpenApi } from '../../support/http/openapi.ts';
import { describeInMemory } from '../../support/http/suites.ts';
import { absentId } from '../../support/tasks/task-requests.ts';

// Every answer that the tests' client gets is compared with the document. This shows that the comparison sees.
describeInMemory('200 /openapi.json, beside what is answered', (service) => {
  const complaint = async (
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

  it('has nothing to complain of where nothing was changed', async () => {
    expect(await complaint(() => undefined)).to.equal('');
  });

  for (const [what, change, words] of [
    ['a status', (answer) => (answer.status = 202), /202 is not documented/],
    ['a header that is gone', (answer) => delete answer.headers['etag'], /ETag/],
    ['a header of another form', (answer) => (answer.headers['x-request-id'] = 'a b'), /X-Request-Id/],
    ['a media type', (answer) => (answer.headers['content-type'] = 'text/html'), /text\/html/],
    ['a member that is gone', (answer) => (answer.text = answer.text.replace('"title"', '"name"')), /title/],
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
    it(`sees ${what}`, async () => {
      expect(await complaint((answer) => void change(answer))).to.match(words);
    });
  }

  it('finds the operation of every spelling of a path', async () => {
    const user = await service().user();
    const document = readOpenApi((await user.get('/openapi.json')).text);
    const check = responseCheckerFor(document);
    const answer = await user.get('/nowhere');
    const strange = { ...answer, status: 299 };
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
      expect(() => check({ method: 'GET', target }, strange), target).to.throw('299 is not documented');
    for (const target of ['//', '/nowhere', '/api/tasks//', '/api', '/api/%zz'])
      check({ method: 'GET', target }, strange);
  });
});
