import { randomBytes } from 'node:crypto';
import helmet from 'koa-helmet';
import { koaSwagger } from 'koa2-swagger-ui';
import { z } from 'zod';
import { assetRoot, assetVersion, favicon } from './swagger-assets.ts';
import type { Page } from '../routing/page.ts';

/** `GET /docs`: Swagger UI on `/openapi.json`, of local files alone, under a policy of its own. */
export const docsPage = (): Page => {
  const render = koaSwagger({
    title: 'Taskhold',
    routePrefix: false,
    swaggerCdnUrl: assetRoot,
    swaggerVersion: assetVersion,
    favicon,
    hideTopbar: true,
    customCSS: css,
    swaggerOptions: {
      url: '/openapi.json',
      validatorUrl: null, // else it shows the document to a service on the internet
      persistAuthorization: false, // a token is gone with the page, and not left behind in the browser
      displayRequestDuration: true,
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
      await render(ctx, noNext);
      ctx.body = hardened(String(ctx.body), nonce);
      ctx.set('Cache-Control', 'no-store'); // a nonce is good for once
      await policy(nonce)(ctx, noNext);
    },
  };
};

/** Puts away what Swagger UI shows where there is nothing to see, and what every one of so many problems repeats. */
const css = `
    body > svg { position: absolute; width: 0; height: 0 }
    .swagger-ui .response-col_links { display: none }
    .swagger-ui .response:is([data-code^="4"], [data-code^="5"]) :is(.headers-wrapper, .response-control-media-type) { display: none }`;

const noNext = () => Promise.resolve();

/** What the page brings with it may run, by its nonce; it may call this service, and nobody else. */
const policy = (nonce: string) =>
  helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: [`'nonce-${nonce}'`],
      styleSrc: [`'nonce-${nonce}'`],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });

/** Without the font from elsewhere and the style attribute, and with the nonce wherever there is script or style. */
const hardened = (html: string, nonce: string): string =>
  html
    .replace(/<link href="https:\/\/fonts[^<>]*>/, '')
    .replace(/(<svg [^<>]*?) style="[^"]*"/, '$1')
    .replaceAll(/<(?:script|style|link rel="stylesheet")(?=[ >])/g, `$& nonce="${nonce}"`);
