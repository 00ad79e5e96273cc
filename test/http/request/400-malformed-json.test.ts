import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { problemOf, tasksOf } from '../../support/http/response-schemas.ts';
import { describeInMemory, urlSchemes } from '../../support/http/suites.ts';
import { kept, perform, requestsWithBody, taskRequests } from '../../support/tasks/task-requests.ts';

const bytes = (...values: readonly (string | number)[]): Buffer =>
  Buffer.concat(values.map((value) => (typeof value === 'string' ? Buffer.from(value) : Buffer.of(value))));

const malformed: readonly (readonly [what: string, body: string | Buffer])[] = [
  ['a brace', '{'],
  ['an unfinished member', '{"title":'],
  ['a trailing comma', '{"title":"x",}'],
  ['single quotes', "{'title':'x'}"],
  ['a member without quotes', '{title:"x"}'],
  ['a comment', '{"title":"x"/* */}'],
  ['two objects', '{"title":"x"}{"title":"y"}'],
  ['text after the object', '{"title":"x"} x'],
  ['NaN', '{"title":NaN}'],
  ['undefined', 'undefined'],
  ['a raw line end in a string', '{"title":"a\nb"}'],
  ['a raw NUL in a string', '{"title":"a\0b"}'],
  ['a raw NUL after the object', '{"title":"x"}\0'],
  ['a broken escape', '{"title":"\\x41"}'],
  ['a short \\u escape', '{"title":"\\u12"}'],
  ['a form', 'title=x'],
  ['HTML', '<html>'],
  ['an array', '[]'],
  ['an array of tasks', '[{"title":"x"}]'],
  ['a string', '"x"'],
  ['a number', '1'],
  ['true', 'true'],
  ['false', 'false'],
  ['null', 'null'],
  ['blanks', '   '],
  ['deeply nested arrays', '['.repeat(60_000)],
  ['deeply nested objects', '{"a":'.repeat(10_000)],
  ['a byte that is not UTF-8', bytes('{"title":"a', 0xff, 'b"}')],
  ['a lone continuation byte', bytes('{"title":"a', 0x80, '"}')],
  ['a truncated UTF-8 sequence', bytes('{"title":"a', 0xe2, 0x82, '"}')],
  ['an overlong slash', bytes('{"title":"a', 0xc0, 0xaf, '"}')],
  ['an overlong NUL', bytes('{"title":"a', 0xc0, 0x80, '"}')],
  ['a surrogate in UTF-8 (CESU-8)', bytes('{"title":"a', 0xed, 0xa0, 0x80, '"}')],
  ['a code point above U+10FFFF', bytes('{"title":"a', 0xf4, 0x90, 0x80, 0x80, '"}')],
  ['Latin-1', Buffer.from('{"title":"Zoë"}', 'latin1')],
  ['UTF-16 with a byte order mark', Buffer.from('\ufeff{"title":"x"}', 'utf16le')],
  ['UTF-16 without a byte order mark', Buffer.from('{"title":"x"}', 'utf16le')],
  ['invalid UTF-8 in an unknown member', bytes('{"title":"a","x":"', 0xff, '"}')],
  ['invalid UTF-8 after the object', bytes('{"title":"a"}', 0xff)],
];

const json = { 'Content-Type': 'application/json' };

describeInMemory('400 malformed_json', (service) => {
  for (const request of [...requestsWithBody, ...taskRequests.filter(({ name }) => name === 'complete')]) {
    for (const [what, body] of malformed) {
      it(`given ${request.name} with ${what}: 400, nothing written`, async () => {
        const user = await service().user();
        const { id } = await kept(user);
        const before = await user.get(user.lists.own);
        for (const scheme of urlSchemes) {
          const answer = await perform(user, user.lists[scheme], request, id, { headers: json, body });
          expect(answer.status, answer.text).to.equal(400);
          expect(problemOf(answer).code).to.equal('malformed_json');
          expect(problemOf(answer)).not.to.have.property('errors');
        }
        expect((await user.get(user.lists.own)).text).to.equal(before.text);
      });
    }
  }

  for (const request of requestsWithBody) {
    for (const [what, headers] of [
      ['an empty body', json],
      ['an empty body with a charset', { 'Content-Type': 'application/json; charset=utf-8' }],
      ['an empty chunked body', { ...json, 'Transfer-Encoding': 'chunked' }],
      ['an empty body, gzipped', { ...json, 'Content-Encoding': 'gzip' }],
    ] as const) {
      it(`given ${request.name} with ${what}: 400`, async () => {
        const user = await service().user();
        const { id } = await kept(user);
        for (const scheme of urlSchemes) {
          const body = what.endsWith('gzipped') ? gzipSync('') : '';
          const answer = await perform(user, user.lists[scheme], request, id, { headers, body });
          expect(answer.status, answer.text).to.equal(400);
          expect(problemOf(answer).code).to.equal('malformed_json');
        }
      });
    }
  }

  it('given malformed JSON with an invalid title: malformed_json', async () => {
    const user = await service().user();
    const options = { headers: json, body: '{"title":""' };
    expect(problemOf(await user.send('POST', user.lists.own, options)).code).to.equal('malformed_json');
  });

  it('given malformed JSON: the next request on the connection succeeds', async () => {
    const user = await service().user();
    for (let n = 0; n < 20; n += 1)
      await user.send('POST', user.lists.own, { headers: json, body: '{"title":' });
    expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([]);
  });
});
