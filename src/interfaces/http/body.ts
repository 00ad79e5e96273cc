import type { IncomingMessage } from 'node:http';
import bodyParser from 'koa-bodyparser';
import { z } from 'zod';
import { HttpProblem } from './problem.ts';
import type { Context, Middleware } from './request-state.ts';

/** The most that is read of a body, counted after inflation. */
export const maxBodyBytes = 64 * 1024;

export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object in a body that must have one. Throws 415, 413 and 400, in this order. */
export const readJson = async (ctx: Context): Promise<JsonObject> => {
  if (!saysJson(ctx)) throw unsupported();
  return parse(await readBytes(ctx));
};

/** As {@link readJson}, or undefined where there is no body; an empty one may be of any type. */
export const readOptionalJson = async (ctx: Context): Promise<JsonObject | undefined> => {
  if (!saysJson(ctx)) {
    if (await hasContent(ctx.req)) throw unsupported();
    return undefined;
  }
  const bytes = await readBytes(ctx);
  return bytes.length === 0 ? undefined : parse(bytes);
};

// RFC 8259, section 8.1: JSON is UTF-8; a charset that says otherwise is believed, and is not read.
const json = /^application\/json[ \t]*(?:;|$)/i;
const charset = /;[ \t]*charset[ \t]*=[ \t]*"?([^";\s]*)/i;

const saysJson = (ctx: Context): boolean => {
  const type = ctx.get('Content-Type');
  return json.test(type) && /^utf-?8$/i.test(charset.exec(type)?.[1] ?? 'utf-8');
};

/*
 * koa-bodyparser reads, inflates and counts. Parsing is left to us: it would let invalid UTF-8 through as U+FFFD, so
 * its text parser is asked for the bytes, which is what no encoding at all means to it.
 */
const readBody: Middleware = bodyParser({
  enableTypes: ['text'],
  extendTypes: { text: ['application/json'] },
  textLimit: `${maxBodyBytes}b`,
  encoding: '',
});

const readBytes = async (ctx: Context): Promise<Buffer> => {
  const coding = ctx.req.headers['content-encoding'];
  if (coding !== undefined) ctx.req.headers['content-encoding'] = coding.toLowerCase();
  if (ctx.req.headers.expect !== undefined) ctx.res.writeContinue();
  try {
    await readBody(ctx, () => Promise.resolve());
  } catch (error) {
    throw toBodyProblem(error);
  }
  return Buffer.isBuffer(ctx.request.body) ? ctx.request.body : Buffer.alloc(0);
};

const hasContent = async (request: IncomingMessage): Promise<boolean> => {
  if (request.headers['transfer-encoding'] === undefined)
    return Number(request.headers['content-length'] ?? 0) > 0;
  for await (const _chunk of request.iterator({ destroyOnReturn: false })) return true;
  return false;
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

const parse = (bytes: Buffer): JsonObject => {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    throw new HttpProblem('malformed_json', 'The body must be a JSON object in UTF-8.');
  }
  if (!isObject(value)) throw new HttpProblem('malformed_json', 'The body must be a JSON object.');
  return value;
};

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const failure = z.object({ status: z.union([z.literal(413), z.literal(415)]) });

const toBodyProblem = (error: unknown): HttpProblem => {
  switch (failure.safeParse(error).data?.status) {
    case 413:
      return new HttpProblem('body_too_large', `A body may have ${maxBodyBytes} bytes.`);
    case 415:
      return new HttpProblem(
        'unsupported_media_type',
        'A body may be coded by gzip, deflate or br, or not at all.',
      );
    case undefined:
      return new HttpProblem('malformed_request', 'The body could not be read as its headers describe it.');
  }
};

const unsupported = (): HttpProblem =>
  new HttpProblem('unsupported_media_type', 'The body must be JSON: Content-Type: application/json.');
