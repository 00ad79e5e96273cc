import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs the Docker client. Returns its standard output, trimmed; throws, with its output, if it fails. */
export const docker = async (...args: readonly string[]): Promise<string> => {
  const { stdout } = await run('docker', [...args], { maxBuffer: 64 * 1024 * 1024, timeout: 120_000 });
  return stdout.trim();
};

/** The label by which other tools recognize, and remove, what an interrupted run leaves behind. */
const label = 'org.testcontainers=true';

/** A container. Disposing kills and removes it. */
export interface Container extends AsyncDisposable {
  readonly id: string;
  /** The loopback port that a port of the container is published on. */
  publishedPort(port: number): Promise<number>;
  /** A value of `docker inspect`, by its Go template. */
  inspect(template: string): Promise<string>;
  /** Standard output and standard error so far. */
  logs(): Promise<string>;
  /** Waits until it ends; returns its exit code. */
  exitCode(): Promise<number>;
}

/** Starts a container in the background: `docker run` with these options, image and arguments. */
export const startContainer = async (...args: readonly string[]): Promise<Container> => {
  const id = await docker('run', '--detach', '--pull', 'never', '--label', label, ...args);
  return {
    id,
    publishedPort: async (port) =>
      Number(/:(\d+)$/m.exec(await docker('port', id, `${port}/tcp`))?.[1] ?? Number.NaN),
    inspect: (template) => docker('inspect', '--format', template, id),
    logs: async () => {
      const { stdout, stderr } = await run('docker', ['logs', id]);
      return stdout + stderr;
    },
    exitCode: async () => Number(await docker('wait', id)),
    [Symbol.asyncDispose]: async () => {
      await docker('rm', '--force', '--volumes', id);
    },
  };
};
