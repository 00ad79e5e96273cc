/*
 * The health check of the container image: exit code 0 if the API listener of this container responds. It checks the process
 * alone: a restart does not help where the database is down.
 */
const { HOST = '', PORT = '' } = process.env;
const host = ['', '0.0.0.0', '::'].includes(HOST) ? '127.0.0.1' : HOST;
const url = `http://${host.includes(':') ? `[${host}]` : host}:${PORT || '8000'}/health/live`;
const isLive = await fetch(url).then(
  ({ ok }) => ok,
  () => false,
);
process.exitCode = isLive ? 0 : 1;
