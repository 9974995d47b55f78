/**
 * Every cache has a bound. A Map or Set that lives as long as the process is either a fixed table, which its type says
 * (`ReadonlyMap`, `ReadonlySet`: the compiler then refuses every write), or it grows with the shops that are served.
 */
import { execFile } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { parse } from '@swc/core';
import type { Place } from './long-lived-once.ts';

const root = join(import.meta.dirname, '..', '..');
const WHAT_TO_DO =
  'is a Map or Set that lives as long as the process. If it is never written after it was made, give it the type ReadonlyMap or ReadonlySet. If it is a cache, use LRUCache (lru-cache) with max or maxSize. Otherwise make it inside the function that needs it.';

/** A node of swc's syntax tree. */
interface Node {
  type: string;
  span: { start: number };
  [field: string]: unknown;
}

interface Source {
  file: string;
  text: Buffer;
  tree: Node;
}

let sources: Source[];
beforeAll(async () => {
  sources = [];
  for await (const file of glob('{lib,functions}/**/*.ts', { cwd: root })) {
    const text = await readFile(join(root, file));
    const tree = (await parse(text.toString(), {
      syntax: 'typescript',
      target: 'es2024',
    })) as unknown as Node;
    sources.push({ file, text, tree });
  }
});

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value;

/** The node and all inside it, the outer ones first. */
function* nodesIn(value: unknown): Generator<Node> {
  if (isNode(value)) yield value;
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) yield* nodesIn(inner);
}

/** Whether this is `new NAME(…)`. */
const makes = (node: unknown, ...names: string[]): node is Node =>
  isNode(node) && node.type === 'NewExpression' && names.includes((node.callee as Node).value as string);

/** The names of the types in an annotation, the outermost first. */
const typesIn = (annotation: unknown): string[] =>
  [...nodesIn(annotation)]
    .filter(({ type }) => type === 'TsTypeReference')
    .map(({ typeName }) => (typeName as Node).value as string);

/** What is made or declared with a name: variables, and properties of classes. */
interface Declaration {
  value: unknown;
  types: string[];
}

function declarationsIn(tree: unknown): Declaration[] {
  return [...nodesIn(tree)].flatMap((node) => {
    if (node.type === 'VariableDeclarator')
      return [{ value: node.init, types: typesIn((node.id as Node).typeAnnotation) }];
    if (node.type === 'ClassProperty' || node.type === 'PrivateProperty')
      return [{ value: node.value, types: typesIn(node.typeAnnotation) }];
    return [];
  });
}

const isFixed = ({ types: [outermost = ''] }: Declaration) => /^Readonly(Map|Set)$/.test(outermost);

/** Where a node begins. swc counts bytes from 1. */
function placeOf({ file, text }: Source, { span }: Node): Place {
  const before = text
    .subarray(0, span.start - 1)
    .toString()
    .split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const written = ({ file, line, column }: Place) => `${file}:${line}:${column}`;

test('what is made while the functions load, in factories as well, is a fixed table', async () => {
  const script = join(import.meta.dirname, 'long-lived-once.ts');
  const env = { ...process.env, AWS_REGION: 'eu-south-1' };
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script], { env });
  const found = JSON.parse(stdout) as { functions: number; longLived: Place[] };
  expect(found.functions).toBeGreaterThan(20);
  // The routes of each function: if they are not among them, this test sees nothing.
  expect(found.longLived.map(({ file }) => file)).toContain('lib/http/route.ts');

  const fixed = sources.flatMap((source) =>
    declarationsIn(source.tree)
      .filter(isFixed)
      .flatMap(({ value }) => (isNode(value) ? [written(placeOf(source, value))] : [])),
  );
  const others = new Set(found.longLived.map(written)).difference(new Set(fixed));
  expect([...others].map((place) => `${place} ${WHAT_TO_DO}`)).toEqual([]);
});

/** They are made for the document, not deployed. */
const isOfDocument = (file: string) => file.startsWith('lib/openapi/') || file.endsWith('.docs.ts');

/** The statements of a module without those inside its functions, and the static parts of its classes. */
function topOf(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(topOf);
  if (!isNode(node)) return node;
  if (node.type === 'FunctionBody' || node.type === 'ArrowFunctionExpression') return undefined;
  if (/^(Class|Private)Property$/.test(node.type) && !node.isStatic) return undefined;
  return Object.fromEntries(
    Object.entries(node).map(([field, value]) => [
      field,
      typeof value === 'object' && value !== null ? topOf(value) : value,
    ]),
  );
}

test('a variable of a module is no Map or Set, unless it is a fixed table, also where it is filled later', () => {
  const offending = sources
    .filter(({ file }) => !isOfDocument(file))
    .flatMap((source) =>
      declarationsIn(topOf(source.tree))
        .filter((each) => !isFixed(each))
        .filter(
          ({ value, types }) => makes(value, 'Map', 'Set') || types.some((type) => /^(Map|Set)$/.test(type)),
        )
        .map(() => `${source.file} ${WHAT_TO_DO}`),
    );
  expect(offending).toEqual([]);
});

test('every LRUCache has a bound, and not only an age', () => {
  const caches = sources.flatMap((source) =>
    [...nodesIn(source.tree)].filter((node) => makes(node, 'LRUCache')).map((node) => ({ source, node })),
  );
  expect(caches.length).toBeGreaterThan(4);
  const unbounded = caches.filter(({ node }) => {
    const names = [...nodesIn(node.arguments)].filter(({ type }) => type === 'KeyValueProperty');
    return !names.some(({ key }) => ['max', 'maxSize'].includes((key as Node).value as string));
  });
  expect(unbounded.map(({ source, node }) => written(placeOf(source, node)))).toEqual([]);
});
