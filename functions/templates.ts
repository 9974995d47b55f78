import type { Actor } from '../lib/domain/actor.ts';
import { type FieldError, InvalidInputError } from '../lib/domain/errors.ts';
import type { Template } from '../lib/domain/templates.ts';
import { conditionsOf } from '../lib/http/entity-tag.ts';
import { toPathId } from '../lib/http/path-ids.ts';
import { entityTag } from '../lib/http/problems.ts';
import { type HttpRequest, type HttpResponse, jsonResponse, NO_CONTENT } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { linkOf } from '../lib/http/schemas.ts';
import { inThat, languageOf, warned } from '../lib/http/spoken.ts';
import { readFields } from '../lib/http/validation.ts';
import type { Site } from '../lib/store/sites.ts';
import { versionOf } from '../lib/store/template-versions.ts';
import { catalogue } from '../lib/templates/api/catalogue.ts';
import { missingTexts, textErrors } from '../lib/templates/api/draft-errors.ts';
import { beyondLimit } from '../lib/templates/api/enabled-limit.ts';
import { overlapWarnings } from '../lib/templates/api/overlap-warnings.ts';
import { previewsOf } from '../lib/templates/api/preview.ts';
import {
  draftTestBody,
  previewBody,
  restoreBody,
  type TemplateDraft,
  templateBody,
  templatePatch,
  testBody,
} from '../lib/templates/api/schemas.ts';
import { sendTest } from '../lib/templates/api/send-test.ts';
import { stepWarnings } from '../lib/templates/api/step-warnings.ts';
import {
  createTemplate,
  type Editing,
  findTemplate,
  patchTemplate,
  removeTemplate,
  replaceTemplate,
  restoreTemplate,
  templateView,
  versionsOf,
} from '../lib/templates/api/templates.ts';
import { textWarnings } from '../lib/templates/api/warnings.ts';
import { templatesOf } from '../lib/templates/audiences.ts';

const path = '/v1/sites/{siteId}/templates';

const NOTHING_SENT = { en: 'Nothing was sent', it: 'Non è stato inviato nulla' };

// A template that another instance of the function has just saved must be found.
const common = { caller: 'site', freshSite: true } as const;

/** It changes with a release only: seconds. */
const CATALOGUE_AGE = 300;

/** The merchant's templates. They can be edited while the site is switched off; only sending a test is then refused. */
export const routes = [
  route({
    method: 'GET',
    path: '/v1/placeholders',
    caller: 'everybody',
    handle: async () =>
      jsonResponse(200, catalogue(), { 'cache-control': `public, max-age=${CATALOGUE_AGE}` }),
  }),
  route({
    ...common,
    method: 'GET',
    path,
    handle: async ({ site }) => {
      const templates = templatesOf(site);
      const beyond = beyondLimit(templates);
      return jsonResponse(200, {
        templates: templates.map(templateView),
        ...(beyond.length > 0 && { beyondLimit: beyond }),
      });
    },
  }),
  route({
    ...common,
    method: 'POST',
    path,
    body: templateBody,
    // The list of them, which is never changed as a whole.
    exists: () => true,
    async handle({ request, site, body, by }) {
      const { siteId } = site;
      const template = await createTemplate(siteId, body, { by, now: nowIso() });
      const location = `/v1/sites/${siteId}/templates/${toPathId(template.id)}`;
      return savedResponse(request, 201, template, site, { location });
    },
  }),
  route({
    ...common,
    method: 'POST',
    path: `${path}/preview`,
    body: previewBody,
    cost: 5,
    // Nothing is stored and nothing is sent.
    async handle({ request, site, body: { values, url, ...draft } }) {
      const errors = textErrors(draft, undefined, site);
      if (errors.length > 0) throw new InvalidInputError(errors);
      const language = languageOf(request);
      const answer = {
        ...previewsOf({ ...draft, values, url }, site),
        ...warned(warningsOf({ ...draft, enabled: draft.enabled ?? true }, site), language),
      };
      return jsonResponse(200, answer, inThat(language));
    },
  }),
  route({
    ...common,
    method: 'POST',
    path: `${path}/test`,
    activeOnly: true,
    body: draftTestBody,
    cost: 5,
    consequence: NOTHING_SENT,
    async handle({ site, body: { userId, language, values, url, ...draft } }) {
      const errors = textErrors(draft, undefined, site);
      if (errors.length > 0) throw new InvalidInputError(errors, NOTHING_SENT);
      return jsonResponse(202, await sendTest(draft, { userId, language, values, url }, site));
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: `${path}/{templateId}`,
    handle: async ({ site, path: { templateId } }) => templateResponse(200, findTemplate(site, templateId)),
  }),
  route({
    ...common,
    method: 'PUT',
    path: `${path}/{templateId}`,
    body: templateBody,
    ifMatch: true,
    async handle({ request, by, site, path: { templateId }, body }) {
      const template = await replaceTemplate(site.siteId, templateId, body, editingBy(request, by));
      return savedResponse(request, 200, template, site);
    },
  }),
  route({
    ...common,
    method: 'PATCH',
    path: `${path}/{templateId}`,
    uncheckedBody: templatePatch,
    ifMatch: true,
    async handle({ request, by, site, path: { templateId }, body }) {
      const patch = readFields(templatePatch(linkOf(site.url, site.formerUrls)), body, undefined, 'refused');
      const template = await patchTemplate(site.siteId, templateId, patch, editingBy(request, by));
      return savedResponse(request, 200, template, site);
    },
  }),
  route({
    ...common,
    method: 'DELETE',
    path: `${path}/{templateId}`,
    ifMatch: true,
    async handle({ request, by, site, path: { templateId } }) {
      await removeTemplate(site.siteId, templateId, editingBy(request, by));
      return NO_CONTENT;
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: `${path}/{templateId}/versions`,
    handle: async ({ site, path: { templateId } }) =>
      jsonResponse(200, { versions: await versionsOf(site, templateId) }),
  }),
  route({
    ...common,
    method: 'POST',
    path: `${path}/{templateId}/restore`,
    body: restoreBody,
    ifMatch: true,
    async handle({ request, by, site, path: { templateId }, body }) {
      const template = await restoreTemplate(site.siteId, templateId, body, editingBy(request, by));
      return savedResponse(request, 200, template, site);
    },
  }),
  route({
    ...common,
    method: 'POST',
    path: `${path}/{templateId}/test`,
    activeOnly: true,
    body: testBody,
    consequence: NOTHING_SENT,
    handle: async ({ site, path: { templateId }, body }) =>
      jsonResponse(202, await sendTest(findTemplate(site, templateId), body, site)),
  }),
] as const;

function nowIso(): string {
  return new Date(Date.now()).toISOString();
}

function editingBy(request: HttpRequest, by: Actor): Editing {
  return { ...conditionsOf(request), by, now: nowIso() };
}

function warningsOf(
  template: Parameters<typeof overlapWarnings>[0] & TemplateDraft,
  site: Site,
): FieldError[] {
  return [
    ...textWarnings(template, site),
    ...stepWarnings(template, site),
    ...overlapWarnings(template, templatesOf(site)),
  ];
}

function templateResponse(status: number, template: Template): HttpResponse {
  return jsonResponse(status, templateView(template), { etag: entityTag(versionOf(template)) });
}

/** A template that was saved, with what reads badly in it. */
function savedResponse(
  request: HttpRequest,
  status: number,
  template: Template,
  site: Site,
  headers: { location?: string } = {},
): HttpResponse {
  const language = languageOf(request);
  // What it had before, or a version that was restored, may lack a language that the site has got since.
  const warnings = [...missingTexts(template, site), ...warningsOf(template, site)];
  const answer = { ...templateView(template), ...warned(warnings, language) };
  const etag = entityTag(versionOf(template));
  return jsonResponse(status, answer, { ...headers, etag, ...inThat(language) });
}

export const handler = httpHandler(routes);
