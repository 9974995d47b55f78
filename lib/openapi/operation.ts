import type * as z from 'zod/mini';
import type { FieldError } from '../domain/errors.ts';
import type { Route } from '../http/route.ts';
import { schemaOf } from './components.ts';
import type { Tag } from './frame.ts';
import type { JsonObject } from './json.ts';

/** The description of a route, in addition to its declaration. */
export interface OperationDocs {
  /** The name of the operation in API clients. */
  id: string;
  tag: Tag;
  summary: string;
  description?: string;
  /** The query parameters. If the route declares no schema for them, each is a text. */
  parameters?: Record<string, ParameterDocs>;
  /** Shown instead of the body's schema that the route declares. */
  body?: z.ZodMiniType;
  /** Examples of valid bodies. */
  examples?: Record<string, unknown>;
  /** The errors of an example of a refused body. */
  wrong?: FieldError[];
  /** The changes in the example of an `If-Match` that does not match. */
  ifMatchChanges?: FieldError[];
  /** It may make what does not exist yet: `If-None-Match: *` says that it must. */
  makesNew?: boolean;
  answers: Answer[];
  /** The errors that it throws, in addition to those of every route with this caller. */
  problems?: Error[];
}

interface ParameterDocs {
  description: string;
  example: string | number;
  /** Only for a route that declares no schema. */
  isOptional?: boolean;
  /** Shown instead of what the route declares, which knows only texts: a number is shown as a number. */
  schema?: JsonObject;
}

export interface Answer {
  status: number;
  description: string;
  schema?: z.ZodMiniType;
  example?: unknown;
  /** Header fields of the answer, with an example of each. */
  headers?: Record<string, { description: string; example: string; schema?: JsonObject }>;
  /** `application/json` by default. */
  type?: string;
  /** The same in other forms, by media type. */
  also?: Record<string, { schema: z.ZodMiniType; example: unknown }>;
}

/** A route and its description: everything that the document shows. */
export interface Operation extends Omit<Route, 'body' | 'respond'>, OperationDocs {}

/** The operations of a function, in the order of `docs`. Every route must be described, and no other. */
export function operationsOf<const Routes extends readonly Route[]>(
  routes: Routes,
  docs: { [Key in Routes[number]['routeKey']]: OperationDocs },
): Operation[] {
  const routesByKey = new Map<string, Route>(routes.map((route) => [route.routeKey, route]));
  return Object.entries<OperationDocs>(docs).map(([key, words]) => {
    const route = routesByKey.get(key);
    if (!route) throw new Error(`${key} is described, but is no route of this function.`);
    return operationOf(route, words);
  });
}

export function operationOf({ respond: _, body, ...route }: Route, docs: OperationDocs): Operation {
  return { ...route, ...(body && { body: schemaOf(body) }), ...docs };
}

/** Whether it reads what has an `ETag`. */
export function isTagged({ method, answers }: Operation): boolean {
  return method === 'GET' && answers.some(({ headers = {} }) => 'ETag' in headers);
}
