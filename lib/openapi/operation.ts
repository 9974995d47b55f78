import type * as z from 'zod/mini';
import type { FieldError } from '../domain/errors.ts';
import type { Route } from '../http/route.ts';
import { schemaOf } from './components.ts';
import type { Tag } from './frame.ts';

/** What is said of a route beyond what it declares itself. */
export interface OperationDocs {
  /** Names the operation in clients. */
  id: string;
  tag: Tag;
  summary: string;
  description?: string;
  /** The parameters of the query. A route that declares no schema for them reads each as text. */
  parameters?: Record<string, ParameterDocs>;
  /** Shown in place of the body's schema that the route declares. */
  body?: z.ZodMiniType;
  /** Bodies that it takes. */
  examples?: Record<string, unknown>;
  /** What is wrong in a body that is refused, as an example. */
  wrong?: FieldError[];
  /** What somebody else has changed where `If-Match` does not match, as an example. */
  ifMatchChanges?: FieldError[];
  answers: Answer[];
  /** What it throws, beyond what every route of this caller may throw. */
  problems?: Error[];
}

interface ParameterDocs {
  description: string;
  example: string;
  /** Only said where the route declares no schema. */
  isOptional?: boolean;
}

export interface Answer {
  status: number;
  description: string;
  schema?: z.ZodMiniType;
  example?: unknown;
  /** Header fields of the answer, with an example of each. */
  headers?: Record<string, { description: string; example: string }>;
  /** `application/json` unless said otherwise. */
  type?: string;
}

/** A route and what is said of it: all that the description shows. */
export interface Operation extends Omit<Route, 'body' | 'respond'>, OperationDocs {}

/** The routes of a function, in the order in which they are described: each of them, and no others. */
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
