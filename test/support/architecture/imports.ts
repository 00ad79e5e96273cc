import { posix } from 'node:path';
import ts from 'typescript';

export interface Import {
  /** As it is written. */
  readonly specifier: string;
  /** Whether it is passed on: `export … from`. */
  readonly isReexport: boolean;
}

/** Everything a source imports, in whatever form: types, re-exports, `import(…)` and `require(…)` included. */
export const importsOf = (path: string, text: string): readonly Import[] => {
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, isReexport = false): void => {
    if (node === undefined) return;
    // What cannot be read here could be anything, and so it is nothing that is allowed.
    const begun = ts.isTemplateExpression(node) ? node.head.text : '';
    const computed = begun.includes('/') ? begun : `(computed: ${node.getText()})`;
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

/** Names from the world around that a source uses as if they were its own. */
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

/** The path that a relative specifier leads to. */
export const targetOf = (path: string, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(path), specifier));

/** A way through the imports that ends where it begins; null where there is none. */
export const cycleIn = (graph: ReadonlyMap<string, readonly string[]>): readonly string[] | null => {
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): readonly string[] | null => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (done.has(path)) return null;
    for (const next of graph.get(path) ?? []) {
      const cycle = walk(next, [...way, path]);
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
