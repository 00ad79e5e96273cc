import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { preRoutingProblems, catalogue, type ProblemCode } from '../../problems/catalogue.ts';
import { HttpProblem, problemMediaType, toProblemResource } from '../../problems/problem.ts';
import { problemSchema } from '../../problems/problem-schema.ts';
import { taskResource } from '../../../task-representation/task-schemas.ts';
import { insufficientScope } from '../../routing/require-scope.ts';
import { problemExamples } from './problem-examples.ts';
import { exampleRequestId, headersOf, responseHeaders, type HeaderName } from './response-headers.ts';

/** The responses for these problems and for those that occur before routing, by status. */
export type ProblemResponses = (codes: readonly ProblemCode[]) => ZodOpenApiResponsesObject;

/** Makes a component of each response. Equal responses are one object, so that zod-openapi makes one component of them. */
export const problemResponses = (): ProblemResponses => {
  const made = new Map<string, ZodOpenApiResponseObject>();
  const response = (status: number, problems: readonly HttpProblem[]): ZodOpenApiResponseObject => {
    const id = componentName(status, problems);
    const component = made.get(id) ?? { id, ...describe(status, problems) };
    made.set(id, component);
    return component;
  };
  return (codes) => {
    const problems = [...codes.map((code) => problemExamples[code]), ...early];
    const byStatus = Map.groupBy(problems, ({ status }) => status);
    return Object.fromEntries([...byStatus].map(([status, group]) => [status, response(status, group)]));
  };
};

const early = Object.entries(preRoutingProblems).map(
  ([status, detail]) => new HttpProblem('malformed_request', detail, { status: Number(status) }),
);
const isEarly = (problem: HttpProblem): boolean => early.includes(problem);

/** Such as `InvalidQueryOrInvalidCursor`, or `MalformedRequest414`. */
const componentName = (status: number, problems: readonly HttpProblem[]): string =>
  problems.map(({ code }) => pascalCase(code)).join('Or') + (problems.some(isEarly) ? String(status) : '');

const pascalCase = (code: string): string =>
  code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

const describe = (status: number, problems: readonly HttpProblem[]): ZodOpenApiResponseObject => ({
  description: problems
    .map((problem) => (isEarly(problem) ? problem.message : `${catalogue[problem.code].title}.`))
    .join(' '),
  headers: {
    ...headersOf(...(problems.some(isEarly) ? [] : quota), ...(headersByStatus[status] ?? [])),
    ...(status === 403 ? { 'WWW-Authenticate': scopeChallenge } : {}),
  },
  content: {
    [problemMediaType]: {
      schema: z.intersection(problemSchema, narrowed(status, problems)),
      examples: Object.fromEntries(
        problems.map((problem) => [problem.code, { value: toProblemResource(problem, exampleRequestId) }]),
      ),
    },
  },
});

const quota = ['RateLimit', 'RateLimit-Policy'] as const;
/** With `insufficient_scope` alone. */
const scopeChallenge = {
  ...responseHeaders['WWW-Authenticate'],
  required: false,
  example: insufficientScope('write').headers['WWW-Authenticate'],
};
const headersByStatus: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  405: ['Allow'],
  409: ['Retry-After'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** The problem schema for one status: its codes, and whether it has `errors` or `current`. */
const narrowed = (status: number, problems: readonly HttpProblem[]) =>
  z.looseObject({
    status: z.literal(status),
    code: z.enum(problems.map(({ code }) => code)),
    ...(problems.every(({ errors }) => errors.length > 0) ? { errors: z.array(z.unknown()) } : {}),
    ...(problems.every(({ code }) => code === 'revision_mismatch') ? { current: taskResource } : {}),
  });
