import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.ts';

const maxBytes = 64 * 1024;

/**
 * Reads a JSON body, or a form as browsers and OAuth 2.0 clients send it. No body is an empty object. The paths that read
 * forms neither read nor set cookies, so that a form of another site has no effect on a user.
 */
export const readForm = async (request: IncomingMessage): Promise<unknown> => {
  const text = await readText(request);
  if (text === '') return {};
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  switch (type.trim().toLowerCase()) {
    case 'application/json':
      return parseJson(text);
    case 'application/x-www-form-urlencoded':
      return Object.fromEntries(new URLSearchParams(text));
    default:
      throw new Problem('unsupported_media_type');
  }
};

const readText = async (request: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > maxBytes) throw new Problem('body_too_large', { headers: { Connection: 'close' } });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('malformed_json');
  }
};
