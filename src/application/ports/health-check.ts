import { databaseErrorReasons } from './observer.ts';

/** Why a service is not ready: the reason of the database, or `stopping` from the shutdown signal on. */
export const notReadyReasons = [...databaseErrorReasons, 'stopping'] as const;
/** One of {@link notReadyReasons}. */
export type NotReadyReason = (typeof notReadyReasons)[number];

/** Whether the service can do its work. */
export interface HealthCheck {
  /** False while the store cannot be reached. Resolves within one second and never rejects. */
  isReady(): Promise<boolean>;
  /** Why the last `isReady` was false; null where it was true. */
  problem(): NotReadyReason | null;
}
