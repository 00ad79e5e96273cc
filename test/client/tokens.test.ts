import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import type { TokenReason } from '../../client/src/taskhold.ts';
import { clientUser } from '../support/client/client-user.ts';
import { describeInMemory } from '../support/http/suites.ts';
import { rejection } from '../support/rejection.ts';
import { tokenFor } from '../support/tokens/tokens.ts';
import { until } from '../support/until.ts';

describeInMemory('tokens of the client', (service) => {
  const expired = (user: string): Promise<string> =>
    tokenFor(user, { exp: Math.floor(Date.now() / 1000) - 60 });

  /** A client with a token that has expired, as an app that keeps its token has it. */
  const expiredUser = async (renewed: (user: string) => string | Promise<string> = tokenFor) => {
    const reasons: TokenReason[] = [];
    let token = '';
    const mine = await clientUser(service(), {
      token: async (reason) => {
        reasons.push(reason);
        if (reason === 'refused') token = await renewed(mine.user.id);
        return token;
      },
    });
    token = await expired(mine.user.id);
    return { ...mine, reasons };
  };

  it('given a token that has expired: one refresh, and the call succeeds', async () => {
    await using mine = await expiredUser();
    expect(await mine.client.tasks.create({ title: 'a' })).to.include({ title: 'a' });
    expect(await mine.client.account.me()).to.include({ id: mine.user.id });
    expect(mine.reasons).to.deep.equal(['request', 'request', 'refused', 'request']);
  });

  it('given several refused requests at once: they share one new token', async () => {
    const calls = (reason: TokenReason): number => mine.reasons.filter((other) => other === reason).length;
    // Each refused request first checks whether there is a new token already.
    await using mine = await expiredUser(async (user) => {
      await until('all requests are refused', () => calls('request') === 6);
      return tokenFor(user);
    });
    await Promise.all([1, 2, 3].map(() => mine.client.account.me()));
    expect(calls('refused')).to.equal(1);
  });

  it('given a request that is refused after more than the timeout, and another one then: they share one new token', async () => {
    const calls: Record<TokenReason, number> = { request: 0, refused: 0 };
    let token = 'no.good.token';
    await using mine = await clientUser(service(), {
      timeoutMs: 500,
      token: async (reason) => {
        calls[reason] += 1;
        if (reason === 'refused') {
          await until('both requests are refused', () => calls.request === 4);
          token = mine.user.token;
        } else if (calls.request === 1) await setTimeout(600);
        return token;
      },
    });
    const late = mine.client.account.export(); // it has a longer timeout of its own
    await until('the first is refused', () => calls.refused === 1);
    await Promise.all([late, mine.client.account.me()]);
    expect(calls).to.deep.equal({ request: 4, refused: 1 });
  });

  it('given a new token that is refused too, or the same one again: 401', async () => {
    for (const [renewed, requests] of [
      [expired, 2],
      ['the same', 1],
    ] as const) {
      let same = '';
      await using mine = await clientUser(service(), {
        token: (reason) => (reason === 'refused' && renewed !== 'the same' ? renewed(mine.user.id) : same),
      });
      same = await tokenFor(mine.user.id, { exp: 1 });
      const error = await rejection(mine.client.account.me());
      expect(error).to.include({ status: 401, code: 'unauthenticated' });
      expect(mine.proxy.seen).to.have.length(requests);
    }
  });

  it('given a token function that fails once: called again; one that always fails: token_failed, with the cause', async () => {
    let failures = 1;
    const cause = new Error('The issuer is away');
    await using mine = await clientUser(service(), {
      token: () => {
        failures -= 1;
        if (failures >= 0) throw cause;
        return mine.user.token;
      },
    });
    expect(await mine.client.tasks.create({ title: 'a' })).to.include({ title: 'a' });
    failures = 100;
    const error = await rejection(mine.client.tasks.create({ title: 'b' }));
    expect(error).to.include({ code: 'token_failed', status: 0, isUncertain: false, cause });
    expect(mine.proxy.seen).to.have.length(1);
  });

  it('given a token function that never returns: the signal ends the call', async () => {
    await using mine = await clientUser(service(), { token: () => new Promise<string>(() => undefined) });
    const leaving = new AbortController();
    const answer = rejection(mine.client.account.me({ signal: leaving.signal }));
    const reason = new Error('The page was left');
    leaving.abort(reason);
    expect(await answer).to.equal(reason);
  });

  it('given a new token that never arrives: the call fails in time, and one after its timeout gets another', async () => {
    let refreshes = 0;
    await using mine = await clientUser(service(), {
      timeoutMs: 300,
      maxAttempts: 1,
      token: (reason) => {
        if (reason === 'request') return 'no.good.token';
        refreshes += 1;
        return refreshes === 1 ? new Promise<string>(() => undefined) : mine.user.token;
      },
    });
    expect(await rejection(mine.client.account.me())).to.include({
      code: 'token_failed',
      isUncertain: false,
    });
    await setTimeout(300); // the refresh was begun later than its request
    expect(await mine.client.account.me()).to.include({ id: mine.user.id });
  });

  it('given a new token that arrives too late: the refresh that was begun meanwhile stays the shared one', async () => {
    const late = Promise.withResolvers<string>();
    const next = Promise.withResolvers<string>();
    let refreshes = 0;
    await using mine = await clientUser(service(), {
      timeoutMs: 300,
      maxAttempts: 1,
      token: (reason) => {
        if (reason === 'request') return 'no.good.token';
        refreshes += 1;
        return refreshes === 1 ? late.promise : next.promise;
      },
    });
    await rejection(mine.client.account.me());
    await setTimeout(300); // the refresh was begun later than its request
    const second = mine.client.account.me();
    await until('the second is refused', () => refreshes === 2);
    late.resolve('late.bad.token');
    const third = mine.client.account.me();
    await until('the third is refused', () => mine.proxy.seen.length === 3 && mine.proxy.open() === 0);
    next.resolve(mine.user.token);
    await Promise.all([second, third]);
    expect(refreshes).to.equal(2);
  });

  it('given a token that never arrives, or that no header can hold: token_failed, and the write was surely not done', async () => {
    for (const token of [() => new Promise<string>(() => undefined), () => '\u0416']) {
      await using mine = await clientUser(service(), { token, timeoutMs: 100, maxAttempts: 1 });
      const error = await rejection(mine.client.trash.empty());
      expect(error).to.include({ code: 'token_failed', status: 0, isUncertain: false });
      expect(mine.proxy.seen).to.deep.equal([]);
    }
  });
});
