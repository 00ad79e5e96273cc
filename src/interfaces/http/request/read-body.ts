import type { IncomingMessage } from 'node:http';
import bodyParser from 'koa-bodyparser';
import { z } from 'zod';
import { HttpProblem } from '../problems/problem.ts';
import type { Context, Middleware } from './request-state.ts';

/** The most that is read of a body, counted after inflation. */
const maxBodyBytes = 64 * 1024;

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

/** The bytes of a body, inflated. Throws 415, 413 and 400; asks for the body only if nothing speaks against it. */
export const readBytes = async (ctx: Context): Promise<Buffer> => {
  const { headers } = ctx.req;
  const coding = (headers['content-encoding'] ?? '').toLowerCase() || 'identity';
  if (!codings.has(coding)) throw otherCoding();
  const most = coding === 'identity' ? maxBodyBytes : maxCodedBytes;
  if (Number(headers['content-length'] ?? 0) > most) throw tooLarge();
  // In the parser's own words, so that it cannot take for something else what has been recognised here.
  headers['content-type'] = 'application/json';
  headers['content-encoding'] = coding;
  askForBody(ctx);
  try {
    await Promise.race([readBody(ctx, () => Promise.resolve()), endOf(ctx.req, most)]);
  } catch (error) {
    throw toBodyProblem(error);
  }
  return Buffer.isBuffer(ctx.request.body) ? ctx.request.body : Buffer.alloc(0);
};

const codings = new Set(['identity', 'gzip', 'deflate', 'br']);

/** What a coded body may have before it is inflated: coding can add to it, and take endlessly much for nothing. */
const maxCodedBytes = 2 * maxBodyBytes;

/** Rejects where the body breaks off, or has more bytes than this; the parser does not look at these once it inflates. */
const endOf = (request: IncomingMessage, mostBytes: number): Promise<never> =>
  new Promise((_resolve, reject) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostBytes) reject(tooLarge());
    });
    request.once('close', () => {
      if (!request.complete) reject(new Error('The body breaks off'));
    });
  });

/** RFC 9110, section 10.1.1; a client of HTTP/1.0 does not understand the answer. */
const askForBody = ({ req, res }: Context): void => {
  if (req.headers.expect !== undefined && req.httpVersion === '1.1') res.writeContinue();
};

/** Whether there is a body at all, of whatever type. */
export const hasContent = async (ctx: Context): Promise<boolean> => {
  const { req } = ctx;
  if (req.headers['transfer-encoding'] === undefined) return Number(req.headers['content-length'] ?? 0) > 0;
  askForBody(ctx);
  try {
    for await (const _chunk of req.iterator({ destroyOnReturn: false })) return true;
  } catch (error) {
    throw toBodyProblem(error);
  }
  return false;
};

const tooLongToRead = z.object({ status: z.literal(413) });

const toBodyProblem = (error: unknown): HttpProblem => {
  if (error instanceof HttpProblem) return error;
  if (tooLongToRead.safeParse(error).success) return tooLarge();
  return new HttpProblem('malformed_request', 'The body could not be read as its headers describe it.');
};

const tooLarge = (): HttpProblem =>
  new HttpProblem('body_too_large', `A body may have ${maxBodyBytes} bytes.`);

const otherCoding = (): HttpProblem =>
  new HttpProblem('unsupported_media_type', 'A body may be coded by gzip, deflate or br, or not at all.');
