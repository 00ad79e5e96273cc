import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { clientTypes, typesFile } from '../../scripts/client-types.ts';

describe('the types of the client', () => {
  it('given the OpenAPI document of the service: the types made from it are those of the client', async () => {
    expect(await readFile(typesFile, 'utf8'), 'Run: npm run generate -w @taskhold/client').to.equal(
      await clientTypes(),
    );
  });
});
