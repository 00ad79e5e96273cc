import { expect } from 'chai';
import { ConfigError } from '../../../src/config/config-error.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';
import type { PublicUrl } from '../../../src/interfaces/http/routing/public-url.ts';

const read = (value: string): PublicUrl | undefined => loadSettings({ PUBLIC_URL: value }).publicUrl;

/** The problems of a value that is refused. */
const problemsOf = (value: string): readonly string[] => {
  try {
    loadSettings({ PUBLIC_URL: value });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

describe('PUBLIC_URL', () => {
  it('given no value, or an empty one: undefined', () => {
    expect(loadSettings({}).publicUrl).to.equal(undefined);
    expect(read('')).to.equal(undefined);
  });

  for (const [value, origin, path] of [
    ['https://example.com', 'https://example.com', ''],
    ['https://example.com/', 'https://example.com', ''],
    ['https://example.com/todo', 'https://example.com', '/todo'],
    ['https://example.com/todo/', 'https://example.com', '/todo'],
    ['  https://example.com/todo\r\n', 'https://example.com', '/todo'],
    ['http://127.0.0.1:8080/a/b', 'http://127.0.0.1:8080', '/a/b'],
    ['http://[::1]:8080/todo', 'http://[::1]:8080', '/todo'],
    ['HTTPS://Example.com:443/Todo', 'https://example.com', '/Todo'],
    ['https://bücher.example/tödo', 'https://xn--bcher-kva.example', '/t%C3%B6do'],
    ['https://example.com/t%20do', 'https://example.com', '/t%20do'],
    ['https://example.com/a/../todo', 'https://example.com', '/todo'],
  ] as const)
    it(`given ${JSON.stringify(value)}: origin ${origin} and path ${path === '' ? '(none)' : path}`, () => {
      expect(read(value)).to.deep.equal({ origin, path });
    });

  for (const value of [
    'example.com',
    '/todo',
    '//example.com/todo',
    'ftp://example.com',
    'https:example.com',
    'https:///todo',
    'https://',
    'https://user@example.com',
    'https://user:hunter2@example.com/todo',
    'https://example.com/todo?',
    'https://example.com/todo?x=1',
    'https://example.com/#',
    'https://example.com/todo#docs',
    'https://example.com//todo',
    'https://example.com/todo//',
    'https://example.com/a/..//todo',
    'https://example.com/to\ndo',
    'https://example.com/to do',
    'https://example.com\\todo',
    'https://example.com/%zz',
    'https://example.com:99999',
    'https://a.example,https://b.example',
  ])
    it(`given ${JSON.stringify(value)}: refused, without its value in the message`, () => {
      const problems = problemsOf(value);
      expect(problems).to.have.lengthOf(1);
      expect(problems[0])
        .to.match(/^PUBLIC_URL must /)
        .and.not.include('hunter2');
    });
});
