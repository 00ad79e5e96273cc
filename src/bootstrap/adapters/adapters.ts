import type { ChangeFeed } from '../../application/ports/change-feed.ts';
import type { RequestDeadline } from '../../application/ports/request-deadline.ts';
import type { ClockAndIds } from '../../application/ports/clock-and-ids.ts';
import type { HealthCheck } from '../../application/ports/health-check.ts';
import type { Observer } from '../../application/ports/observer.ts';
import type { UserStore } from '../../application/ports/user-store.ts';
import type { RateLimits } from '../../application/ports/rate-limiter.ts';
import type { TaskRepository } from '../../application/ports/task-repository.ts';
import type { Trash } from '../../application/ports/trash.ts';
import type { TokenVerifier } from '../../application/ports/token-verifier.ts';
import type { ObservedMetrics } from '../../infrastructure/observability/prometheus.ts';
import type { Database } from '../../infrastructure/postgres/client/database.ts';
import type { EventStreams } from '../../interfaces/http/streams/event-streams.ts';
import type { UseCases } from '../../application/use-cases.ts';

/** All adapters, by name. A test can replace any of them. */
export interface Adapters {
  /** Writes observations to the log. */
  readonly log: Observer;
  readonly metrics: ObservedMetrics;
  readonly observer: Observer;
  readonly clockAndIds: ClockAndIds;
  readonly deadline: RequestDeadline;
  readonly database: Database;
  readonly tasks: TaskRepository;
  readonly trash: Trash;
  readonly users: UserStore;
  readonly changes: ChangeFeed;
  readonly health: HealthCheck;
  readonly verifier: TokenVerifier;
  readonly eventStreams: EventStreams;
  readonly limits: RateLimits;
  readonly useCases: UseCases;
}

export type Get = <Name extends keyof Adapters>(name: Name) => Adapters[Name];
export type Factories = { readonly [Name in keyof Adapters]: (get: Get) => Adapters[Name] };
