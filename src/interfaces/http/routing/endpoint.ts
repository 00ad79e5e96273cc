import type { z } from 'zod';
import type { CurrentUser } from '../../../application/get-current-user.ts';
import type { ExpectedRevisions, TaskPage, TaskQuery } from '../../../application/ports/task-repository.ts';
import type { FieldProblem } from '../../../domain/errors.ts';
import type { Owner } from '../../../domain/user.ts';
import type { Task, TaskId } from '../../../domain/task.ts';
import type { JsonObject } from '../request/body-parser.ts';
import type { ProblemCode } from '../problems/catalogue.ts';
import { fieldProblem } from '../problems/problem.ts';

/** What a handler has to say; `mount` gives it a status, its headers and its bytes. */
export type Reply =
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'created'; readonly task: Task }
  | { readonly kind: 'page'; readonly page: TaskPage; readonly query: TaskQuery }
  | { readonly kind: 'user'; readonly user: CurrentUser }
  | { readonly kind: 'nothing' };

/** A request of which everything but the body's and the query's meaning has been settled. */
export interface Call {
  readonly owner: Owner;
  readonly id: TaskId;
  readonly expected: ExpectedRevisions | undefined;
  readonly search: URLSearchParams;
  readonly body: JsonObject | undefined;
}

/** An endpoint once, as data: the truth for the router, the OpenAPI document and the isolation matrix. */
export interface Endpoint {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the shortest path of a family. */
  readonly path: '' | '/{id}' | '/{id}/complete';
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly body?: {
    readonly schema: z.ZodType;
    readonly need: 'required' | 'optional';
    /** By what they show. */
    readonly examples: Readonly<Record<string, JsonObject>>;
  };
  readonly conditional?: 'If-Match' | 'If-None-Match';
  readonly success: Success;
  /** Every problem that only this endpoint has; those that all share are added where the document is made. */
  readonly problems: readonly ProblemCode[];
  readonly answer: (call: Call) => Promise<Reply>;
}

export interface Success {
  readonly status: 200 | 201 | 204;
  readonly description: string;
  /** Absent: no body, and no entity tag. */
  readonly body?: { readonly schema: z.ZodType; readonly example: unknown };
  /** Those that only this endpoint has. */
  readonly headers?: readonly ('Link' | 'Location')[];
}

/** The body's meaning by its schema. Throws `invalid_task` with all problems at once. */
export const readBody = <Value>(schema: z.ZodType<Value>, body: JsonObject | undefined): Value => {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const problems: FieldProblem[] = parsed.error.issues.map(({ path, message }) => ({
    field: path.join('.'),
    message,
  }));
  throw fieldProblem('invalid_task', problems);
};
