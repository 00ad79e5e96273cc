import { expect } from 'chai';
import { z } from 'zod';
import type { Answer } from './http-client.ts';

/** A problem (RFC 9457) as the contract defines it; unknown members are an error. */
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
  /** The current task; only in a 412 response. */
  current: z.lazy(() => taskBody).optional(),
});

export const taskBody = z.strictObject({
  id: z.uuidv7().lowercase(),
  user_id: z.string().min(1),
  title: z.string().min(1),
  description: z.string().nullable(),
  completed: z.boolean(),
  priority: z.enum(['low', 'medium', 'high']),
  due_date: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d\.\d{3}Z)?$/)
    .nullable(),
  tags: z.array(z.string().min(1)).max(20),
  created_at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  updated_at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  revision: z.int().min(1),
});

type ProblemBody = z.infer<typeof problemBody>;
export type TaskBody = z.infer<typeof taskBody>;

/** A task in the trash. */
const trashedTaskBody = taskBody.extend({ deleted_at: taskBody.shape.updated_at });

export const problemOf = (answer: Answer): ProblemBody => problemBody.parse(jsonOf(answer));
export const taskOf = (answer: Answer): TaskBody => taskBody.parse(jsonOf(answer));
export const tasksOf = (answer: Answer): TaskBody[] => z.array(taskBody).parse(jsonOf(answer));
export const trashOf = (answer: Answer) => z.array(trashedTaskBody).parse(jsonOf(answer));
/** The ids of a list, or of a trash. */
export const idsOf = (answer: Answer): string[] =>
  z
    .array(z.object({ id: z.string() }))
    .parse(jsonOf(answer))
    .map(({ id }) => id);

const jsonOf = (answer: Answer): unknown => {
  try {
    return JSON.parse(answer.text);
  } catch {
    throw new Error(`${answer.status} without JSON: ${answer.text.slice(0, 200)}`);
  }
};

export interface SentRequest {
  readonly method: string;
  readonly target: string;
}

/** Throws if a response breaks what the contract promises for every response, whatever the request. */
export const checkContract = (sent: SentRequest, answer: Answer): void => {
  const what = `${sent.method} ${sent.target.slice(0, 200)}: ${answer.status}`;
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
  if (answer.status >= 400) checkError(sent, answer, what);
  if (sent.method === 'HEAD' || answer.status === 204 || answer.status === 304) {
    expect(answer.text, `${what}: body`).to.equal('');
  }
};

/** The health report for monitors: the only error response that is not a problem (contract, section 5). */
const isHealthReport = ({ target }: SentRequest, { status }: Answer): boolean =>
  /^\/health(\/|$)/.test(target) && status === 503;

const checkError = (sent: SentRequest, answer: Answer, what: string): void => {
  const { headers } = answer;
  expect(headers['cache-control'], `${what}: Cache-Control`).to.equal('no-store');
  if (isHealthReport(sent, answer)) return;
  expect(headers['content-type'], `${what}: Content-Type`).to.equal('application/problem+json');
  if (sent.method === 'HEAD') return;
  const problem = problemOf(answer);
  expect(problem.status, `${what}: status`).to.equal(answer.status);
  expect(problem.type, `${what}: type`).to.equal(`/problems/${problem.code}`);
  expect(problem.request_id, `${what}: request_id`).to.equal(headers['x-request-id']);
};

/** The elements of a comma-separated header field, in lower case. */
export const listOf = (header: string | undefined): string[] =>
  (header ?? '')
    .split(',')
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== '');
