import { hash } from 'node:crypto';
import { matchesEntityTag } from './entity-tag.ts';
import type { Page } from './page.ts';

interface Prepared {
  readonly body: string | Buffer;
  readonly type: string;
  readonly cacheControl: string;
}

/** Always responds with the same bytes, and with an entity tag that is a hash of them. */
export const preparedResponse = ({ body, type, cacheControl }: Prepared): Page['answer'] => {
  const tag = `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
  return (ctx) => {
    ctx.set('Cache-Control', cacheControl);
    ctx.set('ETag', tag);
    if (matchesEntityTag(ctx.req.headers['if-none-match'], tag)) {
      ctx.status = 304;
      return;
    }
    ctx.type = type;
    ctx.body = body;
  };
};
