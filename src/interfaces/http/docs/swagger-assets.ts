import { readFileSync } from 'node:fs';
import dist from 'swagger-ui-dist/package.json' with { type: 'json' };
import type { Route } from '../routing/page.ts';
import { preparedResponse } from '../routing/prepared-response.ts';

/** koa2-swagger-ui (option `swaggerCdnUrl`) loads its files from this path and the version. */
export const assetRoot = '/docs';
export const assetVersion = dist.version;
const folder = `${assetRoot}/${assetVersion}`;

export const favicon = `${folder}/favicon-32x32.png`;

/** The files that the page loads. Only these are served, so that no path can reach another file. */
const files = [
  { path: `${folder}/swagger-ui.min.css`, file: 'swagger-ui.css', type: 'text/css' },
  { path: `${folder}/swagger-ui-bundle.js`, file: 'swagger-ui-bundle.js', type: 'text/javascript' },
  {
    path: `${folder}/swagger-ui-standalone-preset.js`,
    file: 'swagger-ui-standalone-preset.js',
    type: 'text/javascript',
  },
  { path: favicon, file: 'favicon-32x32.png', type: 'image/png' },
] as const;

/** The files of Swagger UI as npm installed them, read once; another version has other paths. */
export const docsAssets = (): readonly Route[] =>
  files.map(({ path, file, type }) => ({
    path,
    answer: preparedResponse({
      body: readFileSync(new URL(import.meta.resolve(`swagger-ui-dist/${file}`))),
      type,
      cacheControl: 'public, max-age=31536000, immutable',
    }),
  }));
