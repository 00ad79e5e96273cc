import { posix } from 'node:path';
import ts from 'typescript';

interface Import {
  /** The specifier as written in the source. */
  readonly specifier: string;
  /** Whether it is a re-export: `export … from`. */
  readonly isReexport: boolean;
}

/** The imports of a source in any form: types, re-exports, `import(…)` and `require(…)` included. */
export const importsOf = (path: string, text: string): readonly Import[] => {
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, isReexport = false): void => {
    if (node === undefined) return;
    // A computed specifier could be any module, so it is reported in a form that no rule allows.
    const head = ts.isTemplateExpression(node) ? node.head.text : '';
    const computed = head.includes('/') ? head : `(computed: ${node.getText()})`;
    found.push({ specifier: ts.isStringLiteralLike(node) ? node.text : computed, isReexport });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, true);
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
      add(node.moduleReference.expression);
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node);
    else if (ts.isCallExpression(node) && isImportCall(node)) add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
};

const isImportCall = ({ expression }: ts.CallExpression): boolean =>
  expression.kind === ts.SyntaxKind.ImportKeyword ||
  (ts.isIdentifier(expression) && expression.text === 'require') ||
  (ts.isPropertyAccessExpression(expression) &&
    expression.name.text === 'resolve' &&
    ['require', 'import.meta'].includes(expression.expression.getText()));

/** The globals of these names that a source uses. */
export const globalsOf = (path: string, text: string, names: ReadonlySet<string>): readonly string[] => {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && names.has(node.text) && !isMember(node)) found.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return [...found];
};

const isMember = (node: ts.Identifier): boolean =>
  (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
  (ts.isPropertyAssignment(node.parent) && node.parent.name === node) ||
  (ts.isPropertySignature(node.parent) && node.parent.name === node);

/** The package of a bare specifier: `@koa/router/x` belongs to `@koa/router`, `koa/lib/x` to `koa`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** The path that a relative specifier resolves to. */
export const targetOf = (path: string, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(path), specifier));

/** The first import cycle found, or null. */
export const cycleIn = (graph: ReadonlyMap<string, readonly string[]>): readonly string[] | null => {
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return null;
    for (const next of graph.get(path) ?? []) {
      const cycle = walk(next, [...trail, path]);
      if (cycle !== null) return cycle;
    }
    done.add(path);
    return null;
  };
  for (const path of graph.keys()) {
    const cycle = walk(path, []);
    if (cycle !== null) return cycle;
  }
  return null;
};
