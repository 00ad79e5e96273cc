/* Writes the types of the client from the OpenAPI document of the service: `npm run generate -w @taskhold/client`. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@hey-api/openapi-ts';
import prettier from 'prettier';
import { z } from 'zod';
import packageJson from '../package.json' with { type: 'json' };
import { openApiDocument } from '../src/interfaces/http/docs/openapi/document.ts';
import { routedResources } from '../test/support/http/endpoints.ts';

export const typesFile = fileURLToPath(new URL('../client/src/api-types.ts', import.meta.url));

/** The paths that the client calls; those with the user in the path are the same. */
const calledPaths = /^\/api\/(?:tasks|me)(?:\/|$)/;

const operation = z.looseObject({ responses: z.record(z.string(), z.unknown()) });
const shape = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) });

/** The OpenAPI document, reduced to what the client uses. The client reads every error as a `Problem`. */
const usedDocument = () => {
  const complete = openApiDocument({
    version: packageJson.version,
    publicUrl: { origin: '', path: '' },
    resources: routedResources(),
    pages: [],
  });
  const document = shape.parse(JSON.parse(JSON.stringify(complete)));
  const paths = Object.entries(document.paths).filter(([path]) => calledPaths.test(path));
  for (const [, methods] of paths)
    for (const { responses } of Object.values(methods))
      for (const status of Object.keys(responses))
        if (!status.startsWith('2')) Reflect.deleteProperty(responses, status);
  return { ...document, paths: Object.fromEntries(paths) };
};

/** The types of the current document. */
export const clientTypes = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'taskhold-client-'));
  try {
    await createClient({
      input: usedDocument(),
      output: { path: folder },
      plugins: ['@hey-api/typescript'],
      logs: { level: 'silent', file: false },
    });
    const text = await readFile(join(folder, 'types.gen.ts'), 'utf8');
    const options = await prettier.resolveConfig(typesFile);
    return await prettier.format(text, { ...options, filepath: typesFile });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

if (import.meta.main) await writeFile(typesFile, await clientTypes());
