import type { MiddlewareObj } from '@middy/core';
import type * as z from 'zod/mini';
import type { Actor } from '../domain/actor.ts';
import type { Sentence } from '../domain/sentence.ts';
import type { Site, SiteWithBot } from '../store/sites.ts';
import {
  actorOf,
  authenticateManager,
  authenticatePlatform,
  authenticateSite,
  authenticateTelegram,
  isPlatform,
  requireActive,
} from './authenticate.ts';
import { readJsonBody } from './body.ts';
import { propertiesOf } from './empty-properties.ts';
import { requireConditionsWithoutTag, underConditions } from './entity-tag.ts';
import { lambdaHandler } from './lambda.ts';
import { endsWithSlash, noSuchPath } from './no-such-path.ts';
import { readPathIds } from './path-ids.ts';
import { type HttpHandler, type HttpRequest, type HttpResponse, isHead } from './request.ts';
import { limitRequests } from './request-limit.ts';
import { type LinkSchema, linkOf } from './schemas.ts';
import { readFields, readQuery } from './validation.ts';

/**
 * Who may call a route, by the key it needs: the site's, the platform's, either of these two, Telegram's secret token,
 * that of the manager bot, or none.
 */
export type Caller = 'site' | 'platform' | 'site-or-platform' | 'telegram' | 'manager' | 'everybody';

type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/** A schema, or a function that makes one: it gets the schema of links to the request's site. */
type Schema<Value> = z.ZodMiniType<Value> | ((link: LinkSchema) => z.ZodMiniType<Value>);

/** The parameters in braces of a path. */
type PathParameters<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [Parameter in Name]: string } & PathParameters<Rest>
  : unknown;

/** The site whose key or secret the caller has sent. */
interface SiteOfCaller {
  site: Site;
  platform: undefined;
  /** `undefined` if the platform calls: the site in the path may not exist then. */
  'site-or-platform': Site | undefined;
  telegram: SiteWithBot;
  manager: undefined;
  everybody: undefined;
}

/** Callers without a key of ours have no name here. */
type ActorOf<Who extends Caller> = Who extends 'telegram' | 'manager' | 'everybody' ? undefined : Actor;

/** The input of a handler, fully validated. */
interface RouteInput<Path extends string, Who extends Caller, Body, Query> {
  request: HttpRequest;
  path: PathParameters<Path>;
  site: SiteOfCaller[Who];
  /** Who calls: for what is kept about a change. */
  by: ActorOf<Who>;
  body: Body;
  query: Query;
}

/** One method and path: who may call it, its input, and its handler. Its trigger is in `serverless.yml`. */
interface RouteDefinition<Verb extends Method, Path extends string, Who extends Caller, Body, Query> {
  method: Verb;
  /** In the form of `serverless.yml`. */
  path: Path;
  caller: Who;
  /** Reads the current site past the cache, for a route that shows or changes it. */
  freshSite?: boolean;
  /**
   * The handler itself finds out whether the site was changed since it was cached, together with what it reads. Otherwise
   * that is read first: a key that was removed, or a site that was deleted, is refused at once.
   */
  checksSite?: boolean;
  /** Refuses while the module or the integration of the site is off. */
  activeOnly?: boolean;
  /** As how many requests of the site it counts, if it costs more than others: see `limitRequests`. By default 1. */
  cost?: number;
  body?: Schema<Body>;
  /** The body may be left out: it then counts as `{}`. */
  bodyOptional?: boolean;
  /** The caller passes on what Telegram has signed: U+FFFD may be a person's own. */
  isTelegrams?: boolean;
  /** What is not done if the body is wrong; by default "Nothing was changed". */
  consequence?: Sentence | string;
  /** Only for the OpenAPI description: the handler validates the body itself. */
  uncheckedBody?: Schema<unknown>;
  query?: z.ZodMiniType<Query>;
  /** The handler checks `If-Match` and `If-None-Match` itself. */
  ifMatch?: boolean;
  /**
   * Of a change whose conditions the handler does not check: whether something is shown at the path, without an ETag. Absent:
   * nothing ever is. Asked only where a condition depends on it.
   */
  exists?(input: RouteInput<Path, Who, Body, Query>): boolean | Promise<boolean>;
  handle(input: RouteInput<Path, Who, Body, Query>): Promise<HttpResponse>;
}

/** A route, as the router and the OpenAPI generator use it. */
export interface Route<Key extends string = string> {
  /** Method and path, as API Gateway names the route. */
  routeKey: Key;
  method: Method;
  path: string;
  caller: Caller;
  body?: Schema<unknown> | undefined;
  bodyOptional?: boolean | undefined;
  consequence?: Sentence | string | undefined;
  query?: z.ZodMiniType | undefined;
  ifMatch?: boolean | undefined;
  /** A slash at the end of the path leads here too. */
  takesSlash?: boolean;
  respond(request: HttpRequest): Promise<HttpResponse>;
}

/** Declares a route: only here is it written who may call it and what it accepts. */
export function route<
  const Verb extends Method,
  const Path extends string,
  Who extends Caller,
  Body = unknown,
  Query = unknown,
>(definition: RouteDefinition<Verb, Path, Who, Body, Query>): Route<`${Verb} ${Path}`> {
  const { method, path, caller, body, uncheckedBody, bodyOptional, consequence, query, ifMatch } = definition;
  return {
    routeKey: `${method} ${path}`,
    method,
    path,
    caller,
    body: body ?? uncheckedBody,
    bodyOptional,
    consequence,
    query,
    ifMatch,
    async respond(request) {
      const input = await readInput(definition, request);
      if (method === 'GET') return underConditions(request, await definition.handle(input));
      const exists = definition.exists && (() => definition.exists?.(input) ?? false);
      if (!ifMatch) await requireConditionsWithoutTag(request, exists);
      return definition.handle(input);
    },
  };
}

async function readInput<Path extends string, Who extends Caller, Body, Query>(
  definition: RouteDefinition<Method, Path, Who, Body, Query>,
  request: HttpRequest,
): Promise<RouteInput<Path, Who, Body, Query>> {
  const { caller, cost = 1, body, uncheckedBody, bodyOptional, isTelegrams, consequence, query } = definition;
  const { site, by } = await callerOf(definition, request);
  // What Telegram sends is not the site's doing.
  if (site && caller !== 'telegram') await limitRequests(site.siteId, cost);
  const takesBody = body !== undefined || uncheckedBody !== undefined;
  const options = {
    whenEmpty: bodyOptional ? {} : undefined,
    properties: () => propertiesOf(schemaFor(body ?? uncheckedBody, site)),
    consequence,
    isTelegrams: caller === 'telegram' || caller === 'manager' || isTelegrams,
  };
  const json = takesBody ? readJsonBody(request, options) : undefined;
  const schema = schemaFor(body, site);
  const input = {
    request,
    path: readPathIds(request.pathParameters),
    site,
    by,
    body: schema ? readFields(schema, json, consequence) : json,
    query: query && readQuery(query, request.queryStringParameters, request.rawQueryString),
  };
  // API Gateway has matched the path, so the parameters exist; and `callerOf` returns a site, and who it is, for each
  // caller that has them.
  return input as RouteInput<Path, Who, Body, Query>;
}

function schemaFor<Value>(
  schema: Schema<Value> | undefined,
  site: Site | undefined,
): z.ZodMiniType<Value> | undefined {
  // Only the schemas of a site's routes have links.
  return typeof schema === 'function'
    ? schema(linkOf(site?.url ?? 'https://invalid', site?.formerUrls))
    : schema;
}

async function callerOf(
  {
    caller,
    freshSite,
    checksSite,
    activeOnly,
  }: Pick<
    RouteDefinition<Method, string, Caller, unknown, unknown>,
    'caller' | 'freshSite' | 'checksSite' | 'activeOnly'
  >,
  request: HttpRequest,
): Promise<{ site?: Site; by?: Actor }> {
  switch (caller) {
    case 'site-or-platform': {
      if (isPlatform(request)) return { by: await authenticatePlatform(request) };
      const site = await authenticateSite(request, { isFresh: freshSite ?? false });
      return { site, by: actorOf(request, site) };
    }
    case 'site': {
      const site = await authenticateSite(request, { isFresh: freshSite ?? false, isCurrent: !checksSite });
      return { site: activeOnly ? await requireActive(site) : site, by: actorOf(request, site) };
    }
    case 'telegram':
      return { site: await authenticateTelegram(request) };
    case 'manager':
      authenticateManager(request);
      return {};
    case 'platform':
      return { by: await authenticatePlatform(request) };
    default:
      return {};
  }
}

/**
 * One Lambda for several routes: API Gateway has matched the path, and its route key names the route. HEAD is answered as
 * GET is (RFC 9110, section 9.3.2): the server in front of the function leaves the content out, and so knows its length.
 *
 * @param errors answers the errors that a route throws; by default with `application/problem+json`.
 */
export function httpHandler(
  routes: readonly Route[],
  errors?: MiddlewareObj<HttpRequest, HttpResponse>,
): HttpHandler {
  const routesByKey: ReadonlyMap<string, Route> = new Map(routes.map((each) => [each.routeKey, each]));
  return lambdaHandler(async (request) => {
    const matched = routesByKey.get(request.routeKey.replace(/^HEAD /, 'GET '));
    const { method } = request.requestContext.http;
    const isMatch = matched?.method === (isHead(request) ? 'GET' : method);
    if (!matched || !isMatch || (endsWithSlash(request) && !matched.takesSlash)) throw noSuchPath(request);
    return matched.respond(request);
  }, errors);
}
