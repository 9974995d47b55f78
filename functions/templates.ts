import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Template } from '../lib/domain/templates.ts';
import { linkOf } from '../lib/events/schemas.ts';
import { activeSite } from '../lib/http/active-site.ts';
import { authenticateSite, type SiteRequest } from '../lib/http/authenticate-site.ts';
import { entityTag } from '../lib/http/entity-tag.ts';
import { jsonAnswer } from '../lib/http/json-answer.ts';
import { type JsonRequest, jsonBody } from '../lib/http/json-body.ts';
import { nothingChanged, readFields } from '../lib/http/read-fields.ts';
import { type HttpHandler, type Route, routes } from '../lib/http/routes.ts';
import { textErrors } from '../lib/templates/api/draft-errors.ts';
import { previewsOf } from '../lib/templates/api/preview.ts';
import { type GivenValues, previewBody, templateBody, testBody } from '../lib/templates/api/schemas.ts';
import { sendTest } from '../lib/templates/api/send-test.ts';
import {
  createTemplate,
  findTemplate,
  removeTemplate,
  replaceTemplate,
  show,
  versionOf,
} from '../lib/templates/api/templates.ts';

type Answer = APIGatewayProxyStructuredResultV2;

async function listTemplates({ site }: SiteRequest): Promise<Answer> {
  return jsonAnswer(200, { templates: site.templates.map(show) });
}

async function postTemplate({ site, json }: SiteRequest & JsonRequest): Promise<Answer> {
  const body = readFields(templateBody, json);
  const template = await createTemplate(site.siteId, body, new Date().toISOString());
  const location = `/v1/sites/${site.siteId}/templates/${template.id}`;
  return templateAnswer(201, template, { location });
}

async function getTemplate(request: SiteRequest): Promise<Answer> {
  return templateAnswer(200, findTemplate(request.site, templateIdIn(request)));
}

async function putTemplate(request: SiteRequest & JsonRequest): Promise<Answer> {
  const body = readFields(templateBody, request.json);
  const conditions = { ifMatch: request.headers['if-match'], now: new Date().toISOString() };
  const template = await replaceTemplate(request.site.siteId, templateIdIn(request), body, conditions);
  return templateAnswer(200, template);
}

async function deleteTemplate(request: SiteRequest): Promise<Answer> {
  await removeTemplate(request.site.siteId, templateIdIn(request), request.headers['if-match']);
  return { statusCode: 204 };
}

/** Renders a draft. Nothing is stored and nothing is sent. */
async function preview({ site, json }: SiteRequest & JsonRequest): Promise<Answer> {
  const { values, url, ...draft } = readFields(previewBody(linkOf(site.url)), json);
  const errors = textErrors(draft);
  if (errors.length > 0) throw nothingChanged(errors);
  return jsonAnswer(200, previewsOf({ ...draft, values: values as GivenValues | undefined, url }, site));
}

/** Sends a template to one user of the site, as a test. */
async function postTest(request: SiteRequest & JsonRequest): Promise<Answer> {
  const { site, json } = request;
  const template = findTemplate(site, templateIdIn(request));
  const { values, ...body } = readFields(testBody(linkOf(site.url)), json);
  const sent = await sendTest(template, { ...body, values: values as GivenValues | undefined }, site);
  return jsonAnswer(202, sent);
}

function templateIdIn({ pathParameters }: SiteRequest): string {
  return pathParameters?.templateId ?? '';
}

function templateAnswer(status: number, template: Template, headers: Record<string, string> = {}): Answer {
  return jsonAnswer(status, show(template), { ...headers, etag: entityTag(versionOf(template)) });
}

// Whoever reads a template just saved must find it, whichever function saved it: no site out of memory here.
const site = () => middy().use(authenticateSite({ isFresh: true }));

function route(method: Route['method'], path: string, handler: unknown): Route {
  return { method, path: `/v1/sites/{siteId}/templates${path}`, handler: handler as HttpHandler };
}

// Templates can be written while the site is switched off, and be ready when it is switched on; nothing is sent.
export const handler = routes([
  route('GET', '', site().handler(listTemplates)),
  route('POST', '', site().use(jsonBody()).handler(postTemplate)),
  route('POST', '/preview', site().use(jsonBody()).handler(preview)),
  route('GET', '/{templateId}', site().handler(getTemplate)),
  route('PUT', '/{templateId}', site().use(jsonBody()).handler(putTemplate)),
  route('DELETE', '/{templateId}', site().handler(deleteTemplate)),
  route('POST', '/{templateId}/test', site().use(activeSite()).use(jsonBody()).handler(postTest)),
]);
