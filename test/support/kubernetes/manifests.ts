import { execFile } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const run = promisify(execFile);
export const root = fileURLToPath(new URL('../../../deploy/kubernetes/', import.meta.url));

const manifestShape = z.looseObject({ apiVersion: z.string(), kind: z.string() });
export type Manifest = z.infer<typeof manifestShape>;

/** The objects in the files of deploy/kubernetes by path, without the files of Kustomize. */
export const manifestFiles = async (): Promise<ReadonlyMap<string, Manifest>> => {
  const found = new Map<string, Manifest>();
  for await (const path of glob('**/*.yaml', { cwd: root }))
    if (!path.endsWith('kustomization.yaml'))
      found.set(
        path,
        manifestShape.parse(parse(await readFile(join(root, path), 'utf8'), { version: '1.1' })),
      );
  return found;
};

/** The objects that Kustomize makes of a folder of deploy/kubernetes, or of a copy of it. Null, and a message: this machine has no kubectl. */
export const rendered = async (folder: string, from = root): Promise<readonly Manifest[] | null> => {
  try {
    const { stdout } = await run('kubectl', ['kustomize', join(from, folder)]);
    return parseAllDocuments(stdout, { version: '1.1' }).map((one) => manifestShape.parse(one.toJS()));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    console.log('kubectl is not installed: Kustomize is not run');
    return null;
  }
};
