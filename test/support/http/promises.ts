import { expect } from 'chai';
import { z } from 'zod';
import type { Answer } from './http-client.ts';

/** RFC 9457 as the contract has it; a member that is not listed here is one too many. */
const problemBody = z.strictObject({
  type: z.string().startsWith('/problems/'),
  title: z.string().min(1),
  status: z.int(),
  code: z.string().regex(/^[a-z_]+$/),
  detail: z.string().min(1),
  request_id: z.string().min(1),
  errors: z
    .array(z.strictObject({ field: z.string().min(1), message: z.string().min(1) }))
    .min(1)
    .optional(),
  /** The task as it is now; 412 alone has it. */
  current: z.lazy(() => taskBody).optional(),
});

const taskBody = z.strictObject({
  id: z.uuidv7().lowercase(),
  user_id: z.string().min(1),
  title: z.string().min(1),
  description: z.string().nullable(),
  completed: z.boolean(),
  created_at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  updated_at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  revision: z.int().min(1),
});

export type ProblemBody = z.infer<typeof problemBody>;
export type TaskBody = z.infer<typeof taskBody>;

export const problemOf = (answer: Answer): ProblemBody => problemBody.parse(jsonOf(answer));
export const taskOf = (answer: Answer): TaskBody => taskBody.parse(jsonOf(answer));
export const tasksOf = (answer: Answer): TaskBody[] => z.array(taskBody).parse(jsonOf(answer));

const jsonOf = (answer: Answer): unknown => {
  try {
    return JSON.parse(answer.text);
  } catch {
    throw new Error(`${answer.status} without JSON: ${answer.text.slice(0, 200)}`);
  }
};

export interface Asked {
  readonly method: string;
  readonly target: string;
}

/** What the contract promises of every answer, whatever was asked. Throws where a promise is broken. */
export const checkPromises = (asked: Asked, answer: Answer): void => {
  const what = `${asked.method} ${asked.target.slice(0, 200)}: ${answer.status}`;
  const { headers } = answer;
  expect(headers['x-request-id'], `${what}: X-Request-Id`).to.match(/^[A-Za-z0-9._-]{1,128}$/);
  expect(listOf(headers['vary']), `${what}: Vary`).to.include('origin');
  expect(headers, what).not.to.have.property('x-powered-by');
  expect(headers['x-content-type-options'], what).to.equal('nosniff');
  for (const name of [
    'strict-transport-security',
    'content-security-policy',
    'referrer-policy',
    'x-frame-options',
  ])
    expect(headers[name], `${what}: ${name}`).to.be.a('string');
  if (answer.status >= 400) checkError(asked, answer, what);
  if (asked.method === 'HEAD' || answer.status === 204 || answer.status === 304) {
    expect(answer.text, `${what}: the body`).to.equal('');
  }
};

/** The one error that is no problem: what monitors read of `/health` (section 5). */
const isHealthReport = ({ target }: Asked, { status }: Answer): boolean =>
  /^\/health(\/|$)/.test(target) && status === 503;

const checkError = (asked: Asked, answer: Answer, what: string): void => {
  const { headers } = answer;
  expect(headers['cache-control'], `${what}: Cache-Control`).to.equal('no-store');
  if (isHealthReport(asked, answer)) return;
  expect(headers['content-type'], `${what}: Content-Type`).to.equal('application/problem+json');
  if (asked.method === 'HEAD') return;
  const problem = problemOf(answer);
  expect(problem.status, `${what}: status`).to.equal(answer.status);
  expect(problem.type, `${what}: type`).to.equal(`/problems/${problem.code}`);
  expect(problem.request_id, `${what}: request_id`).to.equal(headers['x-request-id']);
};

/** The members of a comma-separated header, in lower case. */
export const listOf = (header: string | undefined): string[] =>
  (header ?? '')
    .split(',')
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== '');
