import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { postmasterOf } from '../postgres/postmaster.ts';
import { scratchFolder } from '../processes/scratch-folder.ts';

/** A data folder for the embedded PostgreSQL. Disposing stops its server and removes the folder. */
export interface EmbeddedFolder extends AsyncDisposable {
  readonly path: string;
  start(settings?: Readonly<Record<string, string>>): Promise<EmbeddedPostgres>;
}

/** An empty folder, or a copy of `original`. The name may contain any character that a file system allows. */
export const embeddedFolder = async (original: string | null, name = 'data'): Promise<EmbeddedFolder> => {
  await using undo = new AsyncDisposableStack();
  const path = join(undo.use(await scratchFolder()).folder, name);
  if (original !== null) await cp(original, path, { recursive: true });
  // Takes over and stops a server that a failed test left running.
  undo.defer(async () => {
    if ((await postmasterOf(path)) !== null) await (await startEmbeddedPostgres(path))[Symbol.asyncDispose]();
  });
  const resources = undo.move();
  return {
    path,
    start: async (settings) => resources.use(await startEmbeddedPostgres(path, settings)),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};
