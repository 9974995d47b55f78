/** A route is written twice: as a trigger in serverless.yml, and beside what handles it. Here the two are compared. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { Route } from '../../lib/http/route.ts';
import { packagedRoutes } from '../support/package.ts';

/** `[function, route key]`, in order. */
let triggers: string[][];
let declared: string[][];

beforeAll(async () => {
  // A request that matches no route goes to not-found.
  const deployed = (await packagedRoutes()).filter(({ routeKey }) => routeKey !== '$default');
  triggers = deployed.map(({ functionName, routeKey }) => [functionName, routeKey]);
  const folder = join(process.cwd(), 'functions');
  const files = (await readdir(folder)).filter((file) => !file.endsWith('.docs.ts'));
  const withHead = (routeKey: string) =>
    // Whoever may GET may ask with HEAD.
    routeKey.startsWith('GET ') ? [routeKey, routeKey.replace('GET', 'HEAD')] : [routeKey];
  const modules = await Promise.all(
    files.map(async (file) => {
      const { routes = [] }: { routes?: readonly Route[] } = await import(join(folder, file));
      const name = file.replace(/\.ts$/, '');
      return routes.flatMap(({ routeKey }) => withHead(routeKey).map((key) => [name, key]));
    }),
  );
  declared = modules.flat();
});

test('every trigger of serverless.yml is declared in that very function, and every declaration has its trigger', () => {
  expect(triggers.length).toBeGreaterThan(30);
  expect(declared.toSorted()).toEqual(triggers.toSorted());
});

test('no route is declared twice', () => {
  const keys = declared.map(([, key]) => key);
  expect(new Set(keys).size).toBe(keys.length);
});
