import { fileURLToPath } from 'node:url';
import * as monitoring from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import * as apps from 'kubernetes-models/apps/v1';
import * as autoscaling from 'kubernetes-models/autoscaling/v2';
import * as batch from 'kubernetes-models/batch/v1';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as core from 'kubernetes-models/v1';
import ts from 'typescript';
import { z } from 'zod';
import type { Manifest } from './manifests.ts';

/** The packages that have the schemas and types of each API version. */
const groups: Readonly<Record<string, { readonly kinds: object; readonly path: string }>> = {
  'apps/v1': { kinds: apps, path: 'kubernetes-models/apps/v1' },
  'autoscaling/v2': { kinds: autoscaling, path: 'kubernetes-models/autoscaling/v2' },
  'batch/v1': { kinds: batch, path: 'kubernetes-models/batch/v1' },
  'monitoring.coreos.com/v1': {
    kinds: monitoring,
    path: '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1',
  },
  'networking.k8s.io/v1': { kinds: networking, path: 'kubernetes-models/networking.k8s.io/v1' },
  'policy/v1': { kinds: policy, path: 'kubernetes-models/policy/v1' },
  v1: { kinds: core, path: 'kubernetes-models/v1' },
};

const classOf = z.custom<new (data: unknown) => { validate(): void }>((value) => typeof value === 'function');

const groupOf = ({ apiVersion }: Manifest) => {
  const group = groups[apiVersion];
  if (group === undefined) throw new Error(`No schema of ${apiVersion}`);
  return group;
};

/** What the schema of its kind says of an object, which allows unknown fields. */
export const schemaProblem = (manifest: Manifest): string | null => {
  const kind: unknown = Reflect.get(groupOf(manifest).kinds, manifest.kind);
  try {
    new (classOf.parse(kind))(manifest).validate();
    return null;
  } catch (error) {
    return String(error);
  }
};

const project = fileURLToPath(new URL('../../../', import.meta.url));
const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ESNext,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
};

/** What the types of their kinds say of objects: also unknown fields, such as misspelled ones. */
export const typeProblems = (manifests: readonly Manifest[]): readonly string[] => {
  const file = `${project}test/manifests-in-memory.ts`;
  const source = manifests
    .map((manifest, index) => {
      const name = `I${manifest.kind}`;
      return `import type { ${name} as Kind${index} } from '${groupOf(manifest).path}';
        export const manifest${index}: Kind${index} = ${JSON.stringify(manifest)};`;
    })
    .join('\n');
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) =>
    path === file ? ts.createSourceFile(file, source, ts.ScriptTarget.ESNext) : read(path, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
};
