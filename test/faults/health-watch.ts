import { setTimeout as pause } from 'node:timers/promises';
import { faultClient } from './clients/client.ts';

/** Polls the health paths of a service ten times a second, as an orchestrator does. */
export interface HealthWatch {
  /** How often liveness was not 200, or both paths together took more than two seconds. */
  livenessFailures(): number;
  /** How often readiness was 503. */
  unready(): number;
  stop(): Promise<void>;
}

export const watchHealth = (port: number): HealthWatch => {
  const client = faultClient('none');
  let [isWatching, livenessFailures, unready] = [true, 0, 0];

  const watch = async (): Promise<void> => {
    while (isWatching) {
      const start = performance.now();
      const [live, ready] = [
        await client.send(port, 'GET', '/health/live'),
        await client.send(port, 'GET', '/health/ready'),
      ];
      if (live.status !== 200 || performance.now() - start > 2_000) livenessFailures += 1;
      if (ready.status === 503) unready += 1;
      await pause(100);
    }
  };

  const watching = watch();
  return {
    livenessFailures: () => livenessFailures,
    unready: () => unready,
    stop: async () => {
      isWatching = false;
      await watching;
      client.close();
    },
  };
};
