import { startService } from '../bench/service.ts';
import { load } from '../bench/load.ts';
const kinds = (process.argv[2] ?? 'http,http-headers,http-flat,koa,koa-headers,koa-router').split(',');
for (let round = 0; round < 2; round++)
for (const kind of kinds) {
  await using s = await startService('x/srv.ts', { KIND: kind });
  const reqs = [{ method: 'GET' as const, path: '/api/tasks/0190-aaa', headers: { authorization: 'Bearer ' + 'x'.repeat(150) } }];
  await load(s.url, reqs, 1);
  const b = await s.usage(); const r = await load(s.url, reqs, 3); const a = await s.usage();
  console.log(kind, r.requestsPerSecond.toFixed(0), ((a.cpuMs - b.cpuMs) / r.requests * 1000).toFixed(1), 'us/req');
}
