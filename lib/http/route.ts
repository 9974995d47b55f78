import type { MiddlewareObj } from '@middy/core';
import type * as z from 'zod/mini';
import { NotFoundError } from '../domain/errors.ts';
import type { Site, SiteWithBot } from '../store/sites.ts';
import {
  authenticatePlatform,
  authenticateSite,
  authenticateTelegram,
  requireActive,
} from './authenticate.ts';
import { readJsonBody } from './body.ts';
import { lambdaHandler } from './lambda.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from './request.ts';
import { type LinkSchema, linkOf } from './schemas.ts';
import { readFields, readQuery } from './validation.ts';

/** Whose key opens a route: the site's, the platform's, Telegram's secret; or none. */
export type Caller = 'site' | 'platform' | 'telegram' | 'everybody';

type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/** A schema; one whose links have to stay on the site of the request is made from the schema of such links. */
type Schema<Value> = z.ZodMiniType<Value> | ((link: LinkSchema) => z.ZodMiniType<Value>);

/** The parameters that a path names in braces. */
type PathParameters<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [Parameter in Name]: string } & PathParameters<Rest>
  : unknown;

/** What a handler gets, all of it checked. */
export interface RouteInput<Path extends string, Who extends Caller, Body, Query> {
  request: HttpRequest;
  path: PathParameters<Path>;
  site: Who extends 'site' ? Site : Who extends 'telegram' ? SiteWithBot : undefined;
  body: Body;
  query: Query;
}

/** One method and path: who may call it, what it takes, what it does. Its trigger is in `serverless.yml`. */
interface RouteDefinition<Verb extends Method, Path extends string, Who extends Caller, Body, Query> {
  method: Verb;
  /** As `serverless.yml` writes it. */
  path: Path;
  caller: Who;
  /** Reads the site as it is now, for a route that shows or changes it. */
  freshSite?: boolean;
  /** Refuses while the module or the integration of the site is off. */
  activeOnly?: boolean;
  body?: Schema<Body>;
  /** The body may be left out: it then counts as `{}`. */
  bodyOptional?: boolean;
  /** What does not happen where the body is wrong; "Nothing was changed" without it. */
  consequence?: string;
  /** For the description of the API alone: the handler checks the body itself. */
  uncheckedBody?: Schema<unknown>;
  query?: z.ZodMiniType<Query>;
  /** For the description of the API alone: the handler looks at `If-Match`. */
  ifMatch?: boolean;
  handle(input: RouteInput<Path, Who, Body, Query>): Promise<HttpResponse>;
}

/** A route as routers and the description of the API read it. */
export interface Route<Key extends string = string> {
  /** Method and path, as API Gateway names the route. */
  routeKey: Key;
  method: Method;
  path: string;
  caller: Caller;
  body: Schema<unknown> | undefined;
  bodyOptional: boolean;
  consequence: string | undefined;
  query: z.ZodMiniType | undefined;
  ifMatch: boolean;
  respond(request: HttpRequest): Promise<HttpResponse>;
}

/** Declares a route: the one place that says who may call it and what it takes. */
export function route<
  const Verb extends Method,
  const Path extends string,
  Who extends Caller,
  Body = unknown,
  Query = unknown,
>(definition: RouteDefinition<Verb, Path, Who, Body, Query>): Route<`${Verb} ${Path}`> {
  const { method, path, caller, body, uncheckedBody, bodyOptional = false, consequence } = definition;
  return {
    routeKey: `${method} ${path}`,
    method,
    path,
    caller,
    body: body ?? uncheckedBody,
    bodyOptional,
    consequence,
    query: definition.query,
    ifMatch: definition.ifMatch ?? false,
    respond: async (request) => definition.handle(await readInput(definition, request)),
  };
}

async function readInput<Path extends string, Who extends Caller, Body, Query>(
  definition: RouteDefinition<Method, Path, Who, Body, Query>,
  request: HttpRequest,
): Promise<RouteInput<Path, Who, Body, Query>> {
  const { body, uncheckedBody, bodyOptional, consequence, query } = definition;
  const site = await callersSite(definition, request);
  const takesBody = body !== undefined || uncheckedBody !== undefined;
  const json = takesBody ? readJsonBody(request, bodyOptional ? {} : undefined) : undefined;
  // Only the schemas of a site's routes have links.
  const schema = typeof body === 'function' ? body(linkOf(site?.url ?? 'https://invalid')) : body;
  const input = {
    request,
    path: request.pathParameters,
    site,
    body: schema ? readFields(schema, json, consequence) : json,
    query: query && readQuery(query, request.queryStringParameters),
  };
  // API Gateway has matched the path, so its parameters are there; and `callersSite` knows which site a caller has.
  return input as RouteInput<Path, Who, Body, Query>;
}

async function callersSite(
  {
    caller,
    freshSite,
    activeOnly,
  }: Pick<RouteDefinition<Method, string, Caller, unknown, unknown>, 'caller' | 'freshSite' | 'activeOnly'>,
  request: HttpRequest,
): Promise<Site | undefined> {
  switch (caller) {
    case 'site': {
      const site = await authenticateSite(request, { isFresh: freshSite ?? false });
      return activeOnly ? requireActive(site) : site;
    }
    case 'telegram':
      return authenticateTelegram(request);
    case 'platform':
      authenticatePlatform(request);
      return undefined;
    default:
      return undefined;
  }
}

/**
 * One Lambda for several routes: API Gateway has matched the path, and its route key says which of them it is.
 *
 * @param errors answers what a route throws: `application/problem+json`, unless said otherwise.
 */
export function httpHandler(
  routes: readonly Route[],
  errors?: MiddlewareObj<HttpRequest, HttpResponse>,
): HttpHandler {
  const routesByKey = new Map(routes.map((each) => [each.routeKey, each]));
  return lambdaHandler(async (request) => {
    const matched = routesByKey.get(request.routeKey);
    if (!matched) throw new NotFoundError('This API has no such method and path.');
    return matched.respond(request);
  }, errors);
}
