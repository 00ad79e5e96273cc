import { jsonLog } from '../../../src/infrastructure/observability/json-log.ts';
import { postgresTaskRepository } from '../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { startIssuer, type Issuer } from '../tokens/issuer.ts';
import { startService, type Service } from './service.ts';
import { keyPairSigner } from '../tokens/signers.ts';
import { stubDatabase } from '../postgres/stub-database.ts';

/** A service that accepts tokens of a secret and of a key set, logs at level trace, and counts its database calls. */
export interface AttackedService extends AsyncDisposable {
  readonly service: Service;
  readonly issuer: Issuer;
  /** The log so far. */
  log(): string;
  /** The number of database calls so far. */
  databaseCalls(): number;
}

/** The claims that the service requires. */
export const expectations = { iss: 'https://issuer.example.org/', aud: 'taskhold' } as const;

/** The signers whose public keys the issuer publishes. */
export const trusted = {
  ed: keyPairSigner('EdDSA'),
  ec: keyPairSigner('ES256'),
  rsa: keyPairSigner('RS256'),
} as const;

export const startAttackedService = async (
  environment: Readonly<Record<string, string>> = {},
): Promise<AttackedService> => {
  await using undo = new AsyncDisposableStack();
  const issuer = undo.use(await startIssuer(...Object.values(trusted).map(({ jwk }) => jwk)));
  const lines: string[] = [];
  let calls = 0;
  const countCall = (): never => {
    calls += 1;
    throw new Error('The database was called');
  };
  const database = stubDatabase({
    rows: () => Promise.reject(new Error(String(countCall()))),
    write: () => Promise.reject(new Error(String(countCall()))),
    writeAtOnce: () => Promise.reject(new Error(String(countCall()))),
    dataLoader: () => () => Promise.reject(new Error(String(countCall()))),
    statement: countCall,
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
    databaseCalls: () => calls,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};
