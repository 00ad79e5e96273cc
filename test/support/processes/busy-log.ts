/* Logs more than one write holds while the only libuv thread is busy, and ends. */
import { pbkdf2 } from 'node:crypto';
import { standardLog } from '../../../src/infrastructure/observability/json-log.ts';

await using log = standardLog('info');
pbkdf2('busy', 'salt', 500_000, 32, 'sha256', () => undefined);
for (let n = 0; n < 400; n += 1) log.observe({ type: 'stopping', signal: String(n) });
