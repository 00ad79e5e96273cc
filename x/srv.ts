import { createServer, type RequestListener } from 'node:http';
import Koa from 'koa';
import { Router } from '@koa/router';
const kind = process.env.KIND;
const body = JSON.stringify({ id: 'x'.repeat(36), user_id: 'user', title: 'hello world', description: null, completed: false, created_at: new Date().toISOString(), updated_at: new Date().toISOString(), revision: 4 });
const H: [string,string][] = Array.from({length: 14}, (_, i) => [`X-Header-Name-${i}`, 'some value here; more']);
const flat = H.flat();
let handle: RequestListener;
if (kind === 'http') handle = (_q, s) => { s.setHeader('content-type', 'application/json'); s.setHeader('content-length', Buffer.byteLength(body)); s.end(body); };
else if (kind === 'http-headers') handle = (_q, s) => { for (const [n, v] of H) s.setHeader(n, v); s.setHeader('content-type', 'application/json'); s.setHeader('content-length', Buffer.byteLength(body)); s.end(body); };
else if (kind === 'http-flat') handle = (_q, s) => { s.writeHead(200, [...flat, 'content-type', 'application/json', 'content-length', String(Buffer.byteLength(body))]); s.end(body); };
else {
  const app = new Koa();
  if (kind !== 'koa') { app.use((ctx, next) => { for (const [n, v] of H) ctx.res.setHeader(n, v); return next(); }); }
  if (kind === 'koa-router') { const r = new Router({ exclusive: 'specificity' }); for (const p of ['/health','/api/tasks','/api/tasks/:id','/api/tasks/:id/complete','/api/:u/tasks','/api/:u/tasks/:id','/api/:u/tasks/:id/complete','/openapi.json','/docs']) r.all(p, (ctx) => { ctx.type = 'application/json'; ctx.body = body; }); app.use(r.routes()); }
  app.use((ctx) => { ctx.type = 'application/json'; ctx.body = body; });
  handle = app.callback();
}
createServer(handle).listen(Number(process.env.PORT), '127.0.0.1');
