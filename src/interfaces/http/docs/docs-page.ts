import { randomBytes } from 'node:crypto';
import helmet from 'koa-helmet';
import { koaSwagger } from 'koa2-swagger-ui';
import { z } from 'zod';
import { isLocalPageLoad } from './local-page-load.ts';
import { assetRoot, assetVersion, favicon } from './swagger-assets.ts';
import type { Page } from '../routing/page.ts';
import type { PublicUrl } from '../routing/public-url.ts';

/** Creates a token of the user `demo`. Null: the page has none, as in production. */
export type DemoToken = (() => Promise<string>) | null;

/**
 * `GET /docs`: Swagger UI for `/openapi.json`, from local files only, with a Content-Security-Policy of its own. With a
 * `demoToken`, requests of the page are authorized where a browser of this machine loads it.
 */
export const docsPage = ({ origin, path }: PublicUrl, demoToken: DemoToken): Page => {
  const policy = policyFor(origin);
  const render = koaSwagger({
    title: 'Taskhold',
    routePrefix: false,
    swaggerCdnUrl: path + assetRoot,
    swaggerVersion: assetVersion,
    favicon: path + favicon,
    hideTopbar: true,
    customCSS: css,
    swaggerOptions: {
      url: `${path}/openapi.json`,
      validatorUrl: null, // by default Swagger UI sends the document to validator.swagger.io
      persistAuthorization: false, // a token is not stored in the browser
      displayRequestDuration: true,
      onComplete: authorizeByToken,
    },
  });
  return {
    name: 'getDocs',
    path: '/docs',
    summary: 'Read about the API, and try it out',
    answers: {
      200: { description: 'Swagger UI.', content: { type: 'text/html', schema: z.string() } },
    },
    answer: async (ctx) => {
      const nonce = randomBytes(16).toString('base64url');
      const token = demoToken !== null && isLocalPageLoad(ctx.req) ? await demoToken() : null;
      await render(ctx, noNext);
      ctx.body = withToken(hardened(String(ctx.body), nonce), token);
      ctx.set('Cache-Control', 'no-store'); // a nonce must be used only once
      await policy(nonce)(ctx, noNext);
    },
  };
};

const tokenName = 'demo-token';

/** Hides an empty SVG, an empty column, and the parts that are the same for every problem response. */
const css = `
    body > svg { position: absolute; width: 0; height: 0 }
    .swagger-ui .response-col_links { display: none }
    .swagger-ui .response:is([data-code^="4"], [data-code^="5"]) :is(.headers-wrapper, .response-control-media-type) { display: none }`;

/** Runs in the page once the document is shown. `bearer` is the name of the security scheme in the document. */
const authorizeByToken = `() => {
    const token = document.querySelector('meta[name="${tokenName}"]');
    if (token !== null) window.ui.preauthorizeApiKey('bearer', token.content);
  }`;

const withToken = (html: string, token: string | null): string =>
  token === null ? html : html.replace('</head>', `<meta name="${tokenName}" content="${token}"></head>`);

const noNext = () => Promise.resolve();

/**
 * Scripts and styles of the page run by their nonce. Connections are allowed to the origin of the page, and to the origin of
 * the server that the OpenAPI document names.
 */
const policyFor = (origin: string) => (nonce: string) =>
  helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: [`'nonce-${nonce}'`],
      styleSrc: [`'nonce-${nonce}'`],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'", ...(origin === '' ? [] : [origin])],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });

/** Removes the external font and the style attribute, and adds the nonce to scripts and styles. */
const hardened = (html: string, nonce: string): string =>
  html
    .replace(/<link href="https:\/\/fonts[^<>]*>/, '')
    .replace(/(<svg [^<>]*?) style="[^"]*"/, '$1')
    .replaceAll(/<(?:script|style|link rel="stylesheet")(?=[ >])/g, `$& nonce="${nonce}"`);
