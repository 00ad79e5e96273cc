import { cycleIn, globalsOf, importsOf, packageOf, targetOf } from './imports.ts';

/** Sources by their path below `src`. */
export type Sources = ReadonlyMap<string, string>;

/** From the outermost to the innermost: a floor may import itself and those after it; the two adapters not each other. */
const floors = [
  'main.ts',
  'cli',
  'bootstrap',
  'config',
  'infrastructure',
  'interfaces',
  'application',
  'domain',
] as const;

/** The rooms of the packages: paths below `src` that may import them. A package that is not listed may nowhere. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  slonik: ['infrastructure/postgres/'],
  '@slonik/pg-driver': ['infrastructure/postgres/'],
  pg: ['infrastructure/postgres/', 'infrastructure/embedded-postgres/'],
  'node-pg-migrate': ['infrastructure/postgres/'],
  'pg-connection-string': ['infrastructure/postgres/'],
  jose: ['infrastructure/jose/'],
  'lru-cache': ['infrastructure/'],
  redis: ['infrastructure/redis/'],
  'rate-limiter-flexible': ['infrastructure/memory/', 'infrastructure/redis/'],
  pino: ['infrastructure/observability/'],
  'prom-client': ['infrastructure/observability/'],
  '@opentelemetry/api': ['infrastructure/observability/'],
  '@opentelemetry/exporter-trace-otlp-http': ['infrastructure/observability/'],
  '@opentelemetry/resources': ['infrastructure/observability/'],
  '@opentelemetry/sdk-trace-node': ['infrastructure/observability/'],
  uuid: ['infrastructure/system/'],
  'ipaddr.js': ['interfaces/http/'],
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

/** Of all names that are made at run time the one that is known: of the platform's PostgreSQL. */
const computed = new Map([['infrastructure/embedded-postgres/binaries.ts', '(computed: packageName)']]);

/** Technologies do not know each other, but for these: a limiter that falls back on memory while Redis is away. */
const neighbours: Readonly<Record<string, readonly string[]>> = { redis: ['memory'] };

/** The world around, which domain and application are told of through a port. */
const worldly = new Set([
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

const mostLines = 200;

/** Everything that is against the architecture, a line each. */
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
    const broken = [
      ...imports.flatMap(({ specifier, isReexport }) => [
        ...(isReexport ? [`passes on ${specifier}: no barrels`] : []),
        ...(specifier.startsWith('.')
          ? relativeProblems(path, specifier, sources)
          : packageProblems(path, specifier)),
      ]),
      ...sourceProblems(path, text),
    ];
    found.push(...broken.map((problem) => `${path} ${problem}`));
  }
  const cycle = cycleIn(graph);
  return cycle === null ? found : [...found, `${cycle.join(' → ')} is a circle`];
};

const floorOf = (path: string): string => path.split('/')[0] ?? '';

const isInner = (path: string): boolean => ['domain', 'application'].includes(floorOf(path));

const isInwards = (from: string, to: string): boolean => {
  const [outer, inner] = [from, to].map((floor) => floors.findIndex((known) => known === floor));
  if (outer === undefined || inner === undefined || outer < 0 || inner < outer) return false;
  return !(from === 'infrastructure' && to === 'interfaces');
};

const relativeProblems = (path: string, specifier: string, sources: Sources): readonly string[] => {
  const target = targetOf(path, specifier);
  if (target === '../package.json' && floorOf(path) === 'bootstrap') return [];
  if (!sources.has(target)) return [`imports ${specifier}, which is no source`];
  if (!isInwards(floorOf(path), floorOf(target))) return [`imports ${target}: not inwards`];
  if (generic.test(path) && resource.test(target)) return [`imports ${target}: it serves every resource`];
  const [room, other] = [roomOf(path), roomOf(target)];
  if (room === null || other === null || room === other || neighbours[room]?.includes(other) === true)
    return [];
  return [`imports ${target}: technologies do not know each other`];
};

/** Within the HTTP adapter: what serves every resource knows none of them. */
const generic = /^interfaces\/http\/(?:routing|request|problems|server|middleware|operations)\//;
const resource = /^interfaces\/http\/(?:tasks|users)\//;

const roomOf = (path: string): string | null => /^infrastructure\/([^/]+)\//.exec(path)?.[1] ?? null;

const packageProblems = (path: string, specifier: string): readonly string[] => {
  if (isInner(path)) return [`imports ${specifier}: nothing from outside in here`];
  if (specifier.startsWith('node:')) return [];
  if (computed.get(path) === specifier) return [];
  const allowed = rooms[packageOf(specifier)];
  const isAllowed = allowed?.some((room) => path.startsWith(room));
  return isAllowed === true ? [] : [`imports ${specifier}: not its room`];
};

const sourceProblems = (path: string, text: string): readonly string[] => [
  ...(floors.some((floor) => floor === floorOf(path)) ? [] : ['is on no floor']),
  ...(/(^|\/)index\.ts$/.test(path) ? ['is a barrel by its name'] : []),
  ...(/(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.ts$)/.test(path) ? ['is named after nothing'] : []),
  ...(text.trimEnd().split('\n').length > mostLines ? [`has more than ${mostLines} lines`] : []),
  ...(isInner(path) ? globalsOf(path, text, worldly).map((name) => `uses ${name}: the world is a port`) : []),
];

/** Packages that have a room, so that one that nobody uses any more can be told. */
export const packagesWithRooms: readonly string[] = Object.keys(rooms);
