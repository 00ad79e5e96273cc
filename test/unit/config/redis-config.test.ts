import { expect } from 'chai';
import { ConfigError } from '../../../src/config/config-error.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';

const problemsOf = (value: string): readonly string[] => {
  try {
    loadSettings({ REDIS_URL: value });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

describe('REDIS_URL', () => {
  for (const value of [
    'redis://127.0.0.1',
    'rediss://cache.example:6380/',
    'redis://[::1]:6379/15',
    'redis://user:p%40ss%23@cache/0',
    'redis://:hunter2@cache',
  ])
    it(`given ${value}: accepted as it is`, () => {
      expect(loadSettings({ REDIS_URL: value }).redisUrl).to.equal(value);
    });

  for (const [value, reason] of [
    ['http://:hunter2@cache', 'must be a redis:// or rediss:// URL'],
    ['redis:127.0.0.1', 'must be a redis:// or rediss:// URL'],
    ['redis://', 'must have a host'],
    ['redis:///0', 'must have a host'],
    ['redis://:hunter2@', 'with a host'],
    ['redis://:hunter2#x@cache', 'percent-encoded'],
    ['redis://cache:99999', 'with a host'],
    ['redis://:hunter2@127.0.0.1/abc', 'number of a database'],
    ['redis://cache/0/hunter2', 'number of a database'],
    ['redis://cache/-1', 'number of a database'],
    ['redis://:hunter2%cret@cache', 'write % as %25'],
    ['redis://hunter2%zz@cache', 'write % as %25'],
    ['redis://cache?password=hunter2', 'must not have a query'],
    ['redis://cache/0?', 'must not have a query'],
    ['redis://cache/0#hunter2', 'must not have a query or a fragment'],
  ] as const)
    it(`given ${value}: refused, without its value`, () => {
      const problems = problemsOf(value);
      expect(problems).to.have.length(1);
      expect(problems[0])
        .to.match(/^REDIS_URL must /)
        .and.include(reason)
        .and.not.include('hunter2');
    });
});
