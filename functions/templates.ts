import { type FieldError, InvalidInputError } from '../lib/domain/errors.ts';
import type { Template } from '../lib/domain/templates.ts';
import { conditionsOf } from '../lib/http/entity-tag.ts';
import { toPathId } from '../lib/http/path-ids.ts';
import { entityTag } from '../lib/http/problems.ts';
import { type HttpResponse, jsonResponse, NO_CONTENT } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { textErrors } from '../lib/templates/api/draft-errors.ts';
import { beyondLimit } from '../lib/templates/api/enabled-limit.ts';
import { previewsOf } from '../lib/templates/api/preview.ts';
import { previewBody, templateBody, testBody } from '../lib/templates/api/schemas.ts';
import { sendTest } from '../lib/templates/api/send-test.ts';
import {
  createTemplate,
  findTemplate,
  removeTemplate,
  replaceTemplate,
  templateView,
  versionOf,
} from '../lib/templates/api/templates.ts';
import { textWarnings } from '../lib/templates/api/warnings.ts';

const path = '/v1/sites/{siteId}/templates';

// A template that another instance of the function has just saved must be found.
const common = { caller: 'site', freshSite: true } as const;

/** The merchant's templates. They can be edited while the site is switched off; only sending a test is then refused. */
export const routes = [
  route({
    ...common,
    method: 'GET',
    path,
    handle: async ({ site: { templates } }) => {
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
    async handle({ site, body }) {
      const { siteId } = site;
      const template = await createTemplate(siteId, body, new Date(Date.now()).toISOString());
      const location = `/v1/sites/${siteId}/templates/${toPathId(template.id)}`;
      return templateResponse(201, template, { location, warnings: textWarnings(body, site) });
    },
  }),
  route({
    ...common,
    method: 'POST',
    path: `${path}/preview`,
    body: previewBody,
    cost: 5,
    // Nothing is stored and nothing is sent.
    async handle({ site, body: { values, url, ...draft } }) {
      const errors = textErrors(draft, undefined, site);
      if (errors.length > 0) throw new InvalidInputError(errors);
      return jsonResponse(200, {
        ...previewsOf({ ...draft, values, url }, site),
        ...warned(textWarnings(draft, site)),
      });
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
    async handle({ request, site, path: { templateId }, body }) {
      const now = new Date(Date.now()).toISOString();
      const how = { ...conditionsOf(request), now };
      const template = await replaceTemplate(site.siteId, templateId, body, how);
      return templateResponse(200, template, { warnings: textWarnings(body, site) });
    },
  }),
  route({
    ...common,
    method: 'DELETE',
    path: `${path}/{templateId}`,
    ifMatch: true,
    async handle({ request, site, path: { templateId } }) {
      await removeTemplate(site.siteId, templateId, conditionsOf(request));
      return NO_CONTENT;
    },
  }),
  route({
    ...common,
    method: 'POST',
    path: `${path}/{templateId}/test`,
    activeOnly: true,
    body: testBody,
    consequence: 'Nothing was sent',
    handle: async ({ site, path: { templateId }, body }) =>
      jsonResponse(202, await sendTest(findTemplate(site, templateId), body, site)),
  }),
] as const;

function templateResponse(
  status: number,
  template: Template,
  { location, warnings = [] }: { location?: string; warnings?: FieldError[] } = {},
): HttpResponse {
  const headers = { ...(location && { location }), etag: entityTag(versionOf(template)) };
  return jsonResponse(status, { ...templateView(template), ...warned(warnings) }, headers);
}

/** Absent where there is nothing to warn of. */
function warned(warnings: FieldError[]): { warnings?: FieldError[] } {
  return warnings.length > 0 ? { warnings } : {};
}

export const handler = httpHandler(routes);
