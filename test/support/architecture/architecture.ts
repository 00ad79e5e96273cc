import { cycleIn, globalsOf, importsOf, packageOf, targetOf } from './imports.ts';

/** Sources by their path below `src`. */
type Sources = ReadonlyMap<string, string>;

/** Top folders from outer to inner: each may import itself and those after it, but `infrastructure` not `interfaces`. */
const layers = [
  'main.ts',
  'cli',
  'bootstrap',
  'config',
  'infrastructure',
  'interfaces',
  'application',
  'domain',
] as const;

/** The paths below `src` that may import each package. Packages that are not listed may not be imported. */
const packageFolders: Readonly<Record<string, readonly string[]>> = {
  slonik: ['infrastructure/postgres/'],
  '@slonik/driver': ['infrastructure/postgres/'],
  pg: ['infrastructure/postgres/', 'infrastructure/embedded-postgres/'],
  'node-pg-migrate': ['infrastructure/postgres/'],
  jose: ['infrastructure/jose/'],
  leven: ['config/'],
  'lru-cache': ['infrastructure/'],
  redis: ['infrastructure/redis/'],
  'rate-limiter-flexible': ['infrastructure/redis/'],
  pino: ['infrastructure/observability/'],
  '@prometheus-io/client': ['infrastructure/observability/'],
  '@opentelemetry/api': ['infrastructure/observability/'],
  '@opentelemetry/exporter-trace-otlp-http': ['infrastructure/observability/'],
  '@opentelemetry/resources': ['infrastructure/observability/'],
  '@opentelemetry/sdk-trace-node': ['infrastructure/observability/'],
  uuid: ['infrastructure/system/'],
  'ipaddr.js': ['interfaces/http/'],
  '@modelcontextprotocol/server': ['interfaces/mcp/'],
  koa: ['interfaces/http/'],
  'koa-bodyparser': ['interfaces/http/'],
  'koa-compose': ['interfaces/http/'],
  'koa-helmet': ['interfaces/http/'],
  'koa2-swagger-ui': ['interfaces/http/'],
  'swagger-ui-dist': ['interfaces/http/'],
  '@koa/cors': ['interfaces/http/'],
  '@koa/router': ['interfaces/http/'],
  'zod-openapi': ['interfaces/http/'],
  tsyringe: ['bootstrap/container.ts'],
  'reflect-metadata': ['bootstrap/container.ts'],
  zod: ['infrastructure/', 'interfaces/', 'config/'],
};

/** Allowed imports with a computed specifier: the PostgreSQL binaries of the platform. */
const computedImports = new Map([
  ['infrastructure/embedded-postgres/binaries.ts', '(computed: packageName)'],
]);

/** Allowed imports between folders of `infrastructure`: `system` is for all, and the Redis rate limiter falls back to memory. */
const allowedAdapterImports: Readonly<Record<string, readonly string[]>> = {
  postgres: ['system'],
  redis: ['memory', 'system'],
  'embedded-postgres': ['system'],
};

/** Globals of Node that domain and application may use only through a port. */
const runtimeGlobals = new Set([
  'process',
  'Buffer',
  'console',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'crypto',
  'globalThis',
  'require',
]);

const maxLines = 200;

/** Such as `x.NODE_ENV`, `x['NODE_ENV']` and `{ NODE_ENV }`, but not the name in a text for people. */
const readsVariable =
  /\.(NODE_ENV|OTEL_\w+)\b|\[['"`](NODE_ENV|OTEL_\w+)['"`]\]|[{,]\s*(NODE_ENV|OTEL_\w+)\s*[,:}]/;

/** The violations of the import rules, one line each. */
export const violations = (sources: Sources): readonly string[] => {
  const graph = new Map<string, readonly string[]>();
  const found: string[] = [];
  for (const [path, text] of sources) {
    const imports = importsOf(path, text);
    const relative = imports.filter(({ specifier }) => specifier.startsWith('.'));
    graph.set(
      path,
      relative.map(({ specifier }) => targetOf(path, specifier)),
    );
    const problems = [
      ...imports.flatMap(({ specifier, isReexport }) => [
        ...(isReexport ? [`re-exports ${specifier}: barrels are not allowed`] : []),
        ...(specifier.startsWith('.')
          ? relativeProblems(path, specifier, sources)
          : packageProblems(path, specifier)),
      ]),
      ...sourceProblems(path, text),
    ];
    found.push(...problems.map((problem) => `${path} ${problem}`));
  }
  const cycle = cycleIn(graph);
  return cycle === null ? found : [...found, `${cycle.join(' → ')} is an import cycle`];
};

const layerOf = (path: string): string => path.split('/')[0] ?? '';

const isInner = (path: string): boolean => ['domain', 'application'].includes(layerOf(path));

const isAllowedDirection = (from: string, to: string): boolean => {
  const [outer, inner] = [from, to].map((name) => layers.findIndex((layer) => layer === name));
  if (outer === undefined || inner === undefined || outer < 0 || inner < outer) return false;
  return !(from === 'infrastructure' && to === 'interfaces');
};

const relativeProblems = (path: string, specifier: string, sources: Sources): readonly string[] => {
  const target = targetOf(path, specifier);
  if (target === '../package.json' && layerOf(path) === 'bootstrap') return [];
  if (!sources.has(target)) return [`imports ${specifier}, which is not a source file`];
  if (!isAllowedDirection(layerOf(path), layerOf(target))) return [`imports ${target}: an outer layer`];
  if (sharedHttpFolder.test(path) && resourceFolder.test(target))
    return [`imports ${target}: code for all resources must not import one`];
  if (isForeignInterface(path, target))
    return [`imports ${target}: inbound adapters must not know each other`];
  const [adapter, other] = [adapterOf(path), adapterOf(target)];
  if (adapter === null || other === null || adapter === other) return [];
  if (allowedAdapterImports[adapter]?.includes(other) === true) return [];
  return [`imports ${target}: adapters must not import each other`];
};

/** Folders of the HTTP adapter that serve all resources. They must not import a resource folder. */
const sharedHttpFolder = /^interfaces\/http\/(?:routing|request|problems|server|middleware|operations)\//;
const resourceFolder = /^interfaces\/http\/(?:tasks|users)\//;

/** What the inbound adapters share. It knows none of them. */
const sharedRepresentation = 'task-representation';

const interfaceOf = (path: string): string | null => /^interfaces\/([^/]+)\//.exec(path)?.[1] ?? null;

const isForeignInterface = (path: string, target: string): boolean => {
  const [adapter, other] = [interfaceOf(path), interfaceOf(target)];
  return adapter !== null && other !== null && adapter !== other && other !== sharedRepresentation;
};

const adapterOf = (path: string): string | null => /^infrastructure\/([^/]+)\//.exec(path)?.[1] ?? null;

const packageProblems = (path: string, specifier: string): readonly string[] => {
  if (isInner(path))
    return [`imports ${specifier}: domain and application import neither packages nor Node modules`];
  if (specifier.startsWith('node:')) return [];
  if (computedImports.get(path) === specifier) return [];
  const allowed = packageFolders[packageOf(specifier)];
  const isAllowed = allowed?.some((folder) => path.startsWith(folder));
  return isAllowed === true ? [] : [`imports ${specifier}: not allowed in this folder`];
};

const sourceProblems = (path: string, text: string): readonly string[] => [
  ...(layers.some((layer) => layer === layerOf(path)) ? [] : ['is outside the known layers']),
  ...(/(^|\/)index\.ts$/.test(path) ? ['has the name of a barrel'] : []),
  ...(/(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.ts$)/.test(path)
    ? ['has a name without meaning']
    : []),
  ...(text.trimEnd().split('\n').length > maxLines ? [`has more than ${maxLines} lines`] : []),
  ...(layerOf(path) !== 'config' && readsVariable.test(text)
    ? ['reads NODE_ENV or OTEL_…: the configuration makes a setting of it']
    : []),
  ...(isInner(path) ? globalsOf(path, text, runtimeGlobals).map((name) => `uses ${name}: use a port`) : []),
];

/** The packages that some folder may import, to find those that are no longer used. */
export const allowedPackages: readonly string[] = Object.keys(packageFolders);
