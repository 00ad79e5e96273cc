import { expect } from 'chai';
import { z } from 'zod';
import { manifestFiles, rendered, type Manifest } from '../support/kubernetes/manifests.ts';
import { schemaProblem, typeProblems } from '../support/kubernetes/schemas.ts';

const expectValid = (manifests: readonly Manifest[]): void => {
  expect(manifests.flatMap((manifest) => schemaProblem(manifest) ?? [])).to.deep.equal([]);
  expect(typeProblems(manifests)).to.deep.equal([]);
};

describe('schemas of deploy/kubernetes', function () {
  this.timeout(60_000);

  it('given each file: valid, without unknown fields', async () => {
    const files = [...(await manifestFiles()).values()];
    expect(files.map(({ kind }) => kind)).to.include.members([
      ...['Deployment', 'Job', 'Service', 'ServiceMonitor', 'NetworkPolicy', 'PodDisruptionBudget'],
      ...['HorizontalPodAutoscaler', 'ServiceAccount', 'Namespace', 'Ingress'],
    ]);
    expectValid(files);
  });

  for (const folder of ['base', 'overlays/production'])
    it(`given what Kustomize makes of ${folder}: valid`, async function () {
      const manifests = await rendered(folder);
      if (manifests === null) return this.skip();
      expect(manifests).to.have.length.above(8);
      expectValid(manifests);
    });

  it('given a wrong type, a value out of range and a misspelled field: found', async () => {
    const deployment = (await manifestFiles()).get('base/deployment.yaml') ?? expect.fail('no deployment');
    const spec = { ...z.looseObject({}).parse(deployment['spec']) };
    expect(schemaProblem({ ...deployment, spec: { ...spec, minReadySeconds: 'soon' } })).to.include(
      'minReadySeconds',
    );
    expect(schemaProblem({ ...deployment, spec: { ...spec, selector: undefined } })).to.include('selector');
    expect(typeProblems([{ ...deployment, spec: { ...spec, minReadySecond: 1 } }]).join()).to.include(
      'minReadySecond',
    );
  });
});
