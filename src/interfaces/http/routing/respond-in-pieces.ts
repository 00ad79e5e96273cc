import type { Observer } from '../../../application/ports/observer.ts';
import type { RequestDeadline } from '../../../application/ports/request-deadline.ts';
import { toProblem } from '../problems/problem.ts';
import type { Context } from '../request/request-state.ts';
import { sendPieces } from '../streams/json-stream.ts';
import { isNotModified, jsonMediaType, type PiecesRepresentation } from './respond.ts';

interface PiecesOptions {
  readonly deadline: RequestDeadline;
  readonly observe: Observer;
}

/**
 * Responds with a body that is sent while it is made. The first piece is made before the response begins, so that a failure by
 * then is a problem as of any request. Each piece has the time limit of a request for itself, because a slow client takes time too.
 */
export const respondInPieces = async (
  ctx: Context,
  { pieces, fileName, entityTag }: PiecesRepresentation,
  { deadline, observe }: PiecesOptions,
): Promise<void> => {
  if (entityTag !== undefined && isNotModified(ctx, entityTag)) return;
  const made = pieces();
  const first = ctx.method === 'HEAD' ? null : await made.next();
  ctx.status = 200;
  ctx.set('Content-Type', jsonMediaType);
  if (fileName !== undefined) {
    ctx.set('Content-Disposition', `attachment; filename="${fileName}"`);
    ctx.set('Cache-Control', 'no-store');
  }
  if (first === null) return;
  const { requestId } = ctx.state;
  ctx.state.stream = {
    isEndless: false,
    begin: (response) =>
      void sendPieces(response, first.value ?? '', made, {
        limit: (work) => deadline.limit(work),
        failed: (error) => observe({ type: 'failure', requestId, code: toProblem(error).code, error }),
      }),
  };
};
