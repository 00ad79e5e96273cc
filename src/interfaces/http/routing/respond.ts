import type { TaskQuery } from '../../../application/ports/task-repository.ts';
import type { UserId } from '../../../domain/user.ts';
import { encodeCursor } from '../tasks/cursor.ts';
import type { Reply } from './endpoint.ts';
import { encodePage, encodeTask, tagPage } from '../tasks/serialize-tasks.ts';
import { bodyTag, namesTag, taskTag } from './entity-tag.ts';
import type { Context } from '../request/request-state.ts';
import { toUserJson } from '../users/user-json.ts';

export const jsonMediaType = 'application/json; charset=utf-8';

/** Writes a reply: status, validators, links and bytes. `base` is the path of the list in the family that was called. */
export const respond = (ctx: Context, owner: UserId, reply: Reply, base: string): void => {
  switch (reply.kind) {
    case 'task':
      json(ctx, 200, taskTag(reply.task.revision), () => encodeTask(reply.task));
      return;
    case 'created':
      ctx.set('Location', `${base}/${reply.task.id}`);
      json(ctx, 201, taskTag(reply.task.revision), () => encodeTask(reply.task));
      return;
    case 'page': {
      const { page, query } = reply;
      if (page.next !== null) ctx.set('Link', nextLink(base, query, encodeCursor(query.status, page.next)));
      json(ctx, 200, tagPage(page, owner, query), () => encodePage(page));
      return;
    }
    case 'user': {
      const body = JSON.stringify(toUserJson(reply.user));
      json(ctx, 200, bodyTag(body), () => body);
      return;
    }
    case 'nothing':
      ctx.status = 204;
  }
};

const json = (ctx: Context, status: 200 | 201, tag: string, body: () => Buffer | string): void => {
  ctx.set('ETag', tag);
  if (isRead(ctx) && namesTag(ctx.req.headers['if-none-match'], tag)) {
    ctx.status = 304;
    return;
  }
  ctx.status = status;
  ctx.set('Content-Type', jsonMediaType);
  ctx.body = body();
};

const isRead = (ctx: Context): boolean => ctx.method === 'GET' || ctx.method === 'HEAD';

/** RFC 8288. */
const nextLink = (base: string, { status, limit }: TaskQuery, cursor: string): string =>
  `<${base}?cursor=${cursor}&status=${status}&limit=${limit}>; rel="next"`;
