import jwt from '@fastify/jwt';
import fastify from 'fastify';
import postgres from 'postgres';
import { v7 } from 'uuid';

/*
 * The peer that Taskhold is compared with: a minimal Fastify 5 service for the same tables and JSON, with @fastify/jwt
 * and its token cache, postgres.js with prepared statements, and a response schema for a fast serializer. It has no
 * limits, log, metrics, security headers, revisions or pages.
 */

const sql = postgres(process.env['DATABASE_URL'] ?? '', { max: 10 });
const app = fastify();

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: { sub: string };
    user: { sub: string };
  }
}

interface Row {
  id: string;
  user_id: string;
  title: string;
  description: string | null;
  completed: boolean;
  created_at: Date;
  updated_at: Date;
  revision: string;
}

const task = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    user_id: { type: 'string' },
    title: { type: 'string' },
    description: { type: ['string', 'null'] },
    completed: { type: 'boolean' },
    created_at: { type: 'string', format: 'date-time' },
    updated_at: { type: 'string', format: 'date-time' },
    revision: { type: 'integer' },
  },
} as const;
const one = { schema: { response: { '2xx': task } } };
const many = { schema: { response: { 200: { type: 'array', items: task } } } };
const columns = sql`id, owner_id AS user_id, title, description, completed, created_at, updated_at, revision`;

await app.register(jwt, { secret: process.env['BETTER_AUTH_SECRET'] ?? '', verify: { cache: true } });
app.addHook('onRequest', (request) => request.jwtVerify());

app.get('/api/tasks', many, (request) => {
  return sql<Row[]>`
    SELECT ${columns} FROM tasks WHERE owner_id = ${request.user.sub}
    ORDER BY created_at DESC, id DESC LIMIT 1000`;
});

app.get<{ Params: { id: string } }>('/api/tasks/:id', one, async (request, reply) => {
  const [row] = await sql<Row[]>`
    SELECT ${columns} FROM tasks WHERE owner_id = ${request.user.sub} AND id = ${request.params.id}`;
  return row ?? reply.code(404).send();
});

const creation = {
  schema: {
    ...one.schema,
    body: {
      type: 'object',
      required: ['title'],
      properties: {
        title: { type: 'string', minLength: 1, maxLength: 200 },
        description: { type: ['string', 'null'], maxLength: 1000 },
      },
    },
  },
} as const;

app.post<{ Body: { title: string; description?: string | null } }>(
  '/api/tasks',
  creation,
  async (request, reply) => {
    const { title, description = null } = request.body;
    const now = new Date();
    const [row] = await sql<Row[]>`
    INSERT INTO tasks (owner_id, id, title, description, completed, created_at, updated_at, revision)
    VALUES (${request.user.sub}, ${v7()}, ${title.trim()}, ${description}, false, ${now}, ${now}, 1)
    RETURNING ${columns}`;
    return reply.code(201).send(row);
  },
);

app.patch<{ Params: { id: string } }>('/api/tasks/:id/complete', one, async (request, reply) => {
  const [row] = await sql<Row[]>`
    UPDATE tasks SET completed = NOT completed, updated_at = ${new Date()}
    WHERE owner_id = ${request.user.sub} AND id = ${request.params.id} RETURNING ${columns}`;
  return row ?? reply.code(404).send();
});

await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
process.stdout.write('ready\n');
