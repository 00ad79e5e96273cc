import type { IncomingMessage } from 'node:http';
import bodyParser from 'koa-bodyparser';
import { z } from 'zod';
import { details } from '../problems/catalogue.ts';
import { HttpProblem } from '../problems/problem.ts';
import type { Context, Middleware } from './request-state.ts';

/** Maximum size of a body after decompression, in bytes. */
export const maxBodyBytes = 64 * 1024;

/*
 * koa-bodyparser reads, decompresses and counts, but it would replace invalid UTF-8 by U+FFFD. With an empty encoding its
 * text parser returns the bytes, which body-parser.ts then decodes strictly.
 */
const readBody: Middleware = bodyParser({
  enableTypes: ['text'],
  extendTypes: { text: ['application/json'] },
  textLimit: `${maxBodyBytes}b`,
  encoding: '',
});

/** The decompressed bytes of a body. Throws 415, 413 and 400. Sends 100 (Continue) only after the headers are checked. */
export const readBytes = async (ctx: Context): Promise<Buffer> => {
  const { headers } = ctx.req;
  const coding = (headers['content-encoding'] ?? '').toLowerCase() || 'identity';
  if (!codings.has(coding)) throw otherCoding();
  const maxBytes = coding === 'identity' ? maxBodyBytes : maxCodedBytes;
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  // Normalized, so that koa-bodyparser reads the type and the coding as they were checked here.
  headers['content-type'] = 'application/json';
  headers['content-encoding'] = coding;
  sendContinue(ctx);
  try {
    await Promise.race([readBody(ctx, () => Promise.resolve()), rejectOnBadBody(ctx.req, maxBytes)]);
  } catch (error) {
    throw toBodyProblem(error);
  }
  return Buffer.isBuffer(ctx.request.body) ? ctx.request.body : Buffer.alloc(0);
};

const codings = new Set(['identity', 'gzip', 'deflate', 'br']);

/** Maximum size of a compressed body, in bytes: compression can increase the size, and can contain endless empty blocks. */
const maxCodedBytes = 2 * maxBodyBytes;

/** Rejects if the body is incomplete or has more bytes than this; koa-bodyparser counts only decompressed bytes. */
const rejectOnBadBody = (request: IncomingMessage, maxBytes: number): Promise<never> =>
  new Promise((_resolve, reject) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) reject(tooLarge());
    });
    request.once('close', () => {
      if (!request.complete) reject(new Error('The body is incomplete'));
    });
  });

/** RFC 9110, section 10.1.1. HTTP/1.0 clients do not understand 100 (Continue). */
const sendContinue = ({ req, res }: Context): void => {
  if (req.headers.expect !== undefined && req.httpVersion === '1.1') res.writeContinue();
};

/** False where the header fields exclude a body (RFC 9112, section 6.3); true also for a chunked one that is empty. */
export const mayHaveContent = ({ req: { headers } }: Context): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Whether the request has a body of any type. */
export const hasContent = async (ctx: Context): Promise<boolean> => {
  const { req } = ctx;
  if (!mayHaveContent(ctx)) return false;
  if (req.headers['transfer-encoding'] === undefined) return true;
  sendContinue(ctx);
  try {
    for await (const _chunk of req.iterator({ destroyOnReturn: false })) return true;
  } catch (error) {
    throw toBodyProblem(error);
  }
  return false;
};

const tooLargeError = z.object({ status: z.literal(413) });

const toBodyProblem = (error: unknown): HttpProblem => {
  if (error instanceof HttpProblem) return error;
  if (tooLargeError.safeParse(error).success) return tooLarge();
  return new HttpProblem('malformed_request', 'The body could not be read as its headers describe it.');
};

const tooLarge = (): HttpProblem => new HttpProblem('body_too_large', details.body_too_large(maxBodyBytes));

const otherCoding = (): HttpProblem =>
  new HttpProblem('unsupported_media_type', 'A body may be coded by gzip, deflate or br, or not at all.');
