import {
  changesResource,
  type ChangesResource,
} from '../../../../src/interfaces/http/tasks/changes/change-schemas.ts';
import type { Answer } from '../../http/http-client.ts';
import type { TaskBody } from '../../http/response-schemas.ts';
import type { User } from '../../http/service.ts';

export const changesOf = ({ status, text }: Answer): ChangesResource => {
  if (status !== 200) throw new Error(`${status}: ${text}`);
  return changesResource.parse(JSON.parse(text));
};

/** A client that holds the tasks of a user by reading changes alone. */
export const followChanges = (user: Pick<User, 'get'>, list: string, limit: number) => {
  const held = new Map<string, TaskBody>();
  let since = 0;
  return {
    catchUp: async (): Promise<void> => {
      for (let hasMore = true; hasMore;) {
        const page = changesOf(await user.get(`${list}/changes?since=${since}&limit=${limit}`));
        for (const { id, task } of page.changes) {
          if (task === null) held.delete(id);
          else held.set(id, task);
        }
        since = page.has_more ? (page.changes.at(-1)?.revision ?? since) : page.revision;
        hasMore = page.has_more;
      }
    },
    tasks: (): readonly TaskBody[] => [...held.values()],
  };
};
