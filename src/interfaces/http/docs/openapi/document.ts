import { createDocument } from 'zod-openapi';
import type { ApiResource } from '../../routing/endpoint.ts';
import type { PageDescription } from '../../routing/page.ts';
import type { PublicUrl } from '../../routing/public-url.ts';
import { pagePaths, pageTag } from './page-paths.ts';
import { problemResponses } from './problem-responses.ts';
import { requestHeaders } from './request-parameters.ts';
import { responseHeaders } from './response-headers.ts';
import { resourcePaths } from './resource-paths.ts';

/** The mounted resources and pages. */
export interface Api {
  readonly version: string;
  readonly publicUrl: PublicUrl;
  readonly resources: readonly ApiResource[];
  readonly pages: readonly PageDescription[];
}

/** Makes the OpenAPI 3.1 document from the mounted endpoints and pages, and from the schemas that validate requests. */
export const openApiDocument = ({ version, publicUrl, resources, pages }: Api) => {
  const problems = problemResponses();
  return createDocument({
    openapi: '3.1.1',
    info: { title: 'Taskhold', version, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: publicUrl.origin + publicUrl.path || '/' }],
    security: [{ bearer: [] }],
    tags: [...resources.flatMap(({ urlSchemes }) => urlSchemes.map(({ tag }) => tag)), pageTag],
    paths: { ...resourcePaths(resources, problems), ...pagePaths(pages, problems) },
    components: {
      headers: responseHeaders,
      parameters: requestHeaders,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'A token of the configured issuer; its first of the claims `user_id`, `sub` and `id` is the user. A `scope` claim that ' +
            'names any scope beginning with `tasks:` limits the token: `tasks:read` allows GET and HEAD, `tasks:write` every ' +
            'other method; what it lacks is 403 `insufficient_scope`. Without one, the token allows everything.',
        },
      },
    },
  });
};

const description = `Tasks of many users. Each user can access only their own tasks.

Every path of tasks exists twice: under \`/api/tasks\` for the user of the token, and under
\`/api/{user_id}/tasks\`. \`{user_id}\` must be the user id in the token. Both behave alike.

- Each write takes the next value of its owner's counter: the task's \`revision\`, which is also its \`ETag\`.
  With \`If-Match\`, of two writers exactly one wins.
- \`HEAD\` answers as \`GET\` does, without a body, and \`OPTIONS\` names the methods of a path. A trailing slash is
  accepted. Unknown query parameters and unknown members of a body are ignored.
- Below \`/api/auth/\` there is no sign-in: but for the tasks of a user named \`auth\`, every path and method is 404
  \`not_found\`. Sign-in is at the issuer of the tokens.
- Every error is \`application/problem+json\` (RFC 9457): \`code\` is for programs, \`detail\` for people.`;
