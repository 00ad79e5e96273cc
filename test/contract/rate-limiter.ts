import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import type { Allowance, RateLimiter, RateRule } from '../../src/application/ports/rate-limiter.ts';
import { until } from '../support/until.ts';

/** The contract of the port `RateLimiter`, for the limiters that `make` returns. Every test uses new keys. */
export const rateLimiterContract = (name: string, make: (rule: RateRule) => RateLimiter): void => {
  describe(`RateLimiter: ${name}`, () => {
    const take = async (limiter: RateLimiter, key: string, times: number): Promise<Allowance[]> => {
      const taken: Allowance[] = [];
      for (let time = 0; time < times; time += 1) taken.push(await limiter.take(key));
      return taken;
    };

    it('given more calls than the limit: allows the limit, with remaining counting down to 0', async () => {
      const taken = await take(make({ max: 3, windowSeconds: 60 }), randomUUID(), 5);
      expect(taken.map(({ allowed }) => allowed)).to.deep.equal([true, true, true, false, false]);
      expect(taken.map(({ remaining }) => remaining)).to.deep.equal([2, 1, 0, 0, 0]);
    });

    it('given concurrent calls: allows exactly the limit', async () => {
      const limiter = make({ max: 300, windowSeconds: 60 });
      const key = randomUUID();
      const taken = await Promise.all(Array.from({ length: 400 }, () => limiter.take(key)));
      const allowed = taken.filter((allowance) => allowance.allowed);
      expect(allowed).to.have.length(300);
      expect(new Set(allowed.map(({ remaining }) => remaining)).size).to.equal(300);
    });

    it('given a window: resetSeconds is the rest of it in whole seconds', async () => {
      const taken = await take(make({ max: 1, windowSeconds: 60 }), randomUUID(), 2);
      for (const { resetSeconds } of taken) expect(resetSeconds).to.be.oneOf([59, 60]);
    });

    it('given a window of a second: resetSeconds is at least 1', async () => {
      const limiter = make({ max: 1, windowSeconds: 1 });
      expect(new Set((await take(limiter, randomUUID(), 5)).map((a) => a.resetSeconds))).to.deep.equal(
        new Set([1]),
      );
    });

    it('given continuous calls: a new window begins once the first has ended', async () => {
      const limiter = make({ max: 2, windowSeconds: 1 });
      const key = randomUUID();
      const start = performance.now();
      expect((await take(limiter, key, 3)).at(-1)?.allowed).to.equal(false);
      await until('a new window', async () => (await limiter.take(key)).allowed, 3_000);
      expect(performance.now() - start).to.be.within(900, 2_500);
      expect((await limiter.take(key)).remaining).to.equal(0);
    });

    for (const [what, change] of [
      ['back by an hour', -3_600_000],
      ['forward by an hour', 3_600_000],
    ] as const)
      it(`given a time of day that is set ${what}: windows keep their length`, async () => {
        const limiter = make({ max: 1, windowSeconds: 2 });
        const [spent, fresh] = [randomUUID(), randomUUID()];
        await take(limiter, spent, 2);
        const start = performance.now();
        const realNow = Date.now;
        Date.now = () => realNow() + change;
        try {
          for (const key of [spent, fresh])
            for (const { resetSeconds } of await take(limiter, key, 3))
              expect(resetSeconds).to.be.oneOf([1, 2]);
          expect((await limiter.take(spent)).allowed).to.equal(false);
          await until('a new window', async () => (await limiter.take(spent)).allowed, 3_000);
          expect(performance.now() - start).to.be.within(1_500, 3_000);
        } finally {
          Date.now = realNow;
        }
      });

    it('given several keys: each has its own count', async () => {
      const limiter = make({ max: 1, windowSeconds: 60 });
      const prefix = randomUUID();
      for (const key of ['', 'a', 'a:b', 'a:', 'é', 'x'.repeat(255)])
        expect(await limiter.take(`${prefix}${key}`), key).to.include({ allowed: true, remaining: 0 });
    });

    it('given a rule: exposes it', () => {
      expect(make({ max: 7, windowSeconds: 9 }).rule).to.deep.equal({ max: 7, windowSeconds: 9 });
    });
  });
};
