import { hasContent, mayHaveContent, readBytes } from './read-body.ts';
import { details } from '../problems/catalogue.ts';
import { HttpProblem } from '../problems/problem.ts';
import type { Context } from './request-state.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A body, decompressed. */
export interface Body {
  readonly bytes: Buffer;
  /** Undefined where there is no body. */
  readonly json: JsonObject | undefined;
}

export const noBody: Body = { bytes: Buffer.alloc(0), json: undefined };

/** A body that must be a JSON object. Throws 415, 413 and 400, in this order. */
export const readJson = async (ctx: Context): Promise<Body> => {
  if (!hasJsonType(ctx)) throw unsupported();
  const bytes = await readBytes(ctx);
  return { bytes, json: parse(bytes) };
};

/** As {@link readJson}, or {@link noBody}; an empty body may be of any type. */
export const readOptionalJson = async (ctx: Context): Promise<Body> => {
  if (!hasJsonType(ctx)) {
    if (await hasContent(ctx)) throw unsupported();
    return noBody;
  }
  const bytes = await readBytes(ctx);
  return bytes.length === 0 ? noBody : { bytes, json: parse(bytes) };
};

/** A body of any type, which is not parsed. Throws 415 for its coding, 413 and 400. */
export const readAny = async (ctx: Context): Promise<Body> =>
  mayHaveContent(ctx) ? { bytes: await readBytes(ctx), json: undefined } : noBody;

// RFC 8259, section 8.1: JSON is UTF-8. A body with another charset is rejected (415).
const json = /^application\/json[ \t]*(?:;|$)/i;
const charset = /;[ \t]*charset[ \t]*=[ \t]*"?([^";\s]*)/i;

const hasJsonType = (ctx: Context): boolean => {
  const type = ctx.get('Content-Type');
  return json.test(type) && /^utf-?8$/i.test(charset.exec(type)?.[1] ?? 'utf-8');
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

const parse = (bytes: Buffer): JsonObject => {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    throw new HttpProblem('malformed_json', 'The body must be a JSON object in UTF-8.');
  }
  if (!isObject(value)) throw new HttpProblem('malformed_json', details.malformed_json);
  return Object.hasOwn(value, '__proto__') ? renameProto(value) : value;
};

/** zod skips a member named `__proto__`. Under another name it is an unknown member, which is ignored. */
const renameProto = (value: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name === '__proto__' ? `"${name}"` : name, member]),
  );

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unsupported = (): HttpProblem =>
  new HttpProblem('unsupported_media_type', details.unsupported_media_type);
