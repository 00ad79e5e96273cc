import { setTimeout as pause } from 'node:timers/promises';
import { faultClient } from './clients/client.ts';

/** Asks a service ten times a second how it is, as an orchestrator does. */
export interface HealthWatch {
  /** How often it did not say, within a second, that it lives. */
  deaths(): number;
  /** How often it said that it is not ready. */
  unready(): number;
  stop(): Promise<void>;
}

export const watchHealth = (port: number): HealthWatch => {
  const client = faultClient('none');
  let [isWatching, deaths, unready] = [true, 0, 0];

  const watch = async (): Promise<void> => {
    while (isWatching) {
      const start = performance.now();
      const [live, ready] = [
        await client.ask(port, 'GET', '/health/live'),
        await client.ask(port, 'GET', '/health/ready'),
      ];
      if (live.status !== 200 || performance.now() - start > 2_000) deaths += 1;
      if (ready.status === 503) unready += 1;
      await pause(100);
    }
  };

  const watching = watch();
  return {
    deaths: () => deaths,
    unready: () => unready,
    stop: async () => {
      isWatching = false;
      await watching;
      client.close();
    },
  };
};
