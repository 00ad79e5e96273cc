import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { toNodeHandler } from 'better-auth/node';
import { isLocalOrigin } from '../../src/interfaces/http/middleware/allowed-origin.ts';
import { securityHeaders } from '../../src/interfaces/http/middleware/security-headers.ts';
import { requestIdOf } from '../../src/interfaces/http/request/request-id.ts';
import { clientAddressHeader, createAuth, type AuthOptions } from './better-auth.ts';
import { actionOf, addressOf, type Action } from './compatible-paths.ts';
import { forwardTo } from './forward.ts';
import { pageFiles } from './page-files.ts';
import { Problem, problemResponse } from './problem.ts';
import { createSessions } from './sessions.ts';

export interface SignInOptions extends AuthOptions {
  /** The URL of Taskhold. */
  readonly taskhold: string;
  /** How long Taskhold may take until its response begins, in milliseconds. */
  readonly responseTimeoutMs: number;
}

/** One address for a whole app: its page, the sign-in, and Taskhold for all other requests below `/api`. */
export const createSignIn = async (options: SignInOptions): Promise<RequestListener> => {
  const auth = await createAuth(options);
  const sessions = createSessions(auth, options);
  const answerByBetterAuth = toNodeHandler(auth);
  const forward = forwardTo({ target: options.taskhold, responseTimeoutMs: options.responseTimeoutMs });
  const files = await pageFiles();
  const headers = await securityHeaders();
  const { host, protocol } = new URL(options.origin);

  const answerAction = async (action: Action, request: IncomingMessage, response: ServerResponse) => {
    allowOrigin(request, response);
    if (request.method === 'OPTIONS') return response.writeHead(204).end();
    checkMethod(request, response, [action.method, 'OPTIONS']);
    const body = JSON.stringify(await action.answer(sessions, request));
    response.writeHead(action.status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    return response.end(body);
  };

  const answerFile = (path: string, request: IncomingMessage, response: ServerResponse) => {
    const file = files.get(path);
    if (file === undefined) throw new Problem('not_found');
    checkMethod(request, response, ['GET', 'HEAD']);
    response.writeHead(200, file.headers).end(file.body);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = pathOf(request);
    const action = actionOf(path);
    if (action !== undefined) {
      await answerAction(action, request, response);
      return;
    }
    if (!path.startsWith('/api/auth/')) {
      answerFile(path, request, response);
      return;
    }
    checkMethod(request, response, requestMethods);
    // Better Auth builds its URL of these; what a client sends need not be part of one.
    request.headers.host = host;
    request.headers['x-forwarded-proto'] = protocol.replace(':', '');
    request.headers[clientAddressHeader] = addressOf(request);
    await answerByBetterAuth(request, response);
  };

  return (request, response) => {
    const fail = (error: unknown): void => {
      // The client has left, or has a part of the response: there is nothing to tell it.
      if (response.destroyed || response.headersSent) {
        response.destroy();
        return;
      }
      // One line, without the details of the database's errors, which contain emails.
      if (!(error instanceof Problem)) console.error(`The sign-in failed: ${String(error)}`);
      const requestId = String(response.getHeader('X-Request-Id'));
      const problem = problemResponse(error, requestId);
      response.writeHead(problem.status, problem.headers).end(problem.body);
    };
    const isForwarded = isOfTaskhold(pathOf(request));
    if (!isForwarded) for (const [name, value] of headers) response.setHeader(name, value);
    response.setHeader('X-Request-Id', requestIdOf(String(request.headers['x-request-id'] ?? '')));
    if (isForwarded) forward(request, response, (code) => fail(new Problem(code)));
    else answer(request, response).catch(fail);
  };
};

/** Not CONNECT, TRACE and TRACK, which a `Request` cannot have. */
const requestMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The path without its query. Broken escapes are left as they are. */
const pathOf = ({ url = '/' }: IncomingMessage): string => url.replace(/[?#].*/s, '');

/** Sign-in is below `/auth` and `/api/auth`; the rest of `/api`, and the pages of Taskhold, are not this server's. */
const isOfTaskhold = (path: string): boolean =>
  /^\/(?:api|docs|health|openapi\.json)(?:\/|$)/.test(path) && !/^\/api\/auth(?:\/|$)/.test(path);

/** Pages of every port of this machine may sign in, as they may call Taskhold in development. No cookie is involved. */
const allowOrigin = ({ headers: { origin = '' } }: IncomingMessage, response: ServerResponse): void => {
  response.setHeader('Vary', 'Origin');
  if (!isLocalOrigin(origin)) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true'); // some frontends send every request with them
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
  response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, X-Request-Id');
  response.setHeader('Access-Control-Expose-Headers', 'Retry-After, X-Request-Id');
};

const checkMethod = (
  request: IncomingMessage,
  response: ServerResponse,
  allowed: readonly string[],
): void => {
  if (allowed.includes(request.method ?? '')) return;
  response.setHeader('Allow', allowed.join(', '));
  throw new Problem('method_not_allowed');
};
