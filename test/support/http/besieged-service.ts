import { jsonLog } from '../../../src/infrastructure/observability/json-log.ts';
import { postgresTaskRepository } from '../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { startIssuer, type Issuer } from '../tokens/issuer.ts';
import { startService, type Service } from './service.ts';
import { keyPairSigner } from '../tokens/signers.ts';
import { stubDatabase } from '../postgres/stub-database.ts';

/** A service that takes tokens by a secret and by a key set, logs all it can, and counts what its database is asked. */
export interface BesiegedService extends AsyncDisposable {
  readonly service: Service;
  readonly issuer: Issuer;
  /** Everything that was logged so far. */
  log(): string;
  /** How often the database was asked for anything so far. */
  databaseUses(): number;
}

/** What its tokens have to say. */
export const expectations = { iss: 'https://issuer.example.org/', aud: 'taskhold' } as const;

/** The signers whose public keys the issuer publishes. */
export const trusted = {
  ed: keyPairSigner('EdDSA'),
  ec: keyPairSigner('ES256'),
  rsa: keyPairSigner('RS256'),
} as const;

export const startBesiegedService = async (
  environment: Readonly<Record<string, string>> = {},
): Promise<BesiegedService> => {
  await using undo = new AsyncDisposableStack();
  const issuer = undo.use(await startIssuer(...Object.values(trusted).map(({ jwk }) => jwk)));
  const lines: string[] = [];
  let uses = 0;
  const use = (): never => {
    uses += 1;
    throw new Error('The database was asked');
  };
  const database = stubDatabase({
    rows: () => Promise.reject(new Error(String(use()))),
    write: () => Promise.reject(new Error(String(use()))),
    writeAtOnce: () => Promise.reject(new Error(String(use()))),
    dataLoader: () => () => Promise.reject(new Error(String(use()))),
    statement: use,
  });
  const service = undo.use(
    await startService({
      environment: {
        JWKS_URL: issuer.url,
        JWT_ISSUER: expectations.iss,
        JWT_AUDIENCE: expectations.aud,
        ...environment,
      },
      overrides: {
        observer: jsonLog('trace', { write: (line) => void lines.push(line) }),
        database,
        tasks: postgresTaskRepository(database),
      },
    }),
  );
  const resources = undo.move();
  return {
    service,
    issuer,
    log: () => lines.join(''),
    databaseUses: () => uses,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};
