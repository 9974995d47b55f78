/** What the screens of messages ask of the API. */
import type {
  Delivery,
  People,
  Placeholders,
  PreviewBody,
  Previews,
  SavedTemplate,
  Template,
  TemplateBody,
  Templates,
  TemplateVersions,
  TestSent,
} from '../../clients/typescript/client.ts';
import { type Answer, forPeople, request } from '../api/request.ts';
import { siteRequest } from '../api/site.ts';

export type Catalogue = Placeholders;
export type CatalogueKind = Catalogue['kinds'][number];
export type CataloguePlaceholder = Catalogue['placeholders'][number];
export type Preview = Previews['previews'][string];
export type Version = TemplateVersions['versions'][number];

let catalogue: Promise<Catalogue> | undefined;

/** It changes with a release only. */
export function readCatalogue(): Promise<Catalogue> {
  catalogue ??= request<Catalogue>('GET', '/v1/placeholders').then(
    ({ value }) => value,
    (error: unknown) => {
      catalogue = undefined;
      throw error;
    },
  );
  return catalogue;
}

const pathOf = (templateId: string) => `/templates/${encodeURIComponent(templateId)}`;

export async function readTemplates(siteId: string, signal?: AbortSignal): Promise<Templates> {
  return (await siteRequest<Templates>(siteId, 'GET', '/templates', { signal })).value;
}

export function readTemplate(
  siteId: string,
  templateId: string,
  signal?: AbortSignal,
): Promise<Answer<Template>> {
  return siteRequest<Template>(siteId, 'GET', pathOf(templateId), { signal });
}

export function createTemplate(siteId: string, body: TemplateBody): Promise<Answer<SavedTemplate>> {
  return siteRequest<SavedTemplate>(siteId, 'POST', '/templates', { body });
}

export function replaceTemplate(
  siteId: string,
  templateId: string,
  body: TemplateBody,
  ifMatch: string | undefined,
): Promise<Answer<SavedTemplate>> {
  return siteRequest<SavedTemplate>(siteId, 'PUT', pathOf(templateId), { body, ifMatch });
}

export function switchTemplate(
  siteId: string,
  templateId: string,
  enabled: boolean,
): Promise<Answer<SavedTemplate>> {
  return siteRequest<SavedTemplate>(siteId, 'PATCH', pathOf(templateId), { body: { enabled } });
}

export async function deleteTemplate(siteId: string, templateId: string): Promise<void> {
  await siteRequest(siteId, 'DELETE', pathOf(templateId));
}

/** The newest first; also of a message that was deleted. */
export async function readVersions(
  siteId: string,
  templateId: string,
  signal?: AbortSignal,
): Promise<Version[]> {
  const path = `${pathOf(templateId)}/versions`;
  return (await siteRequest<TemplateVersions>(siteId, 'GET', path, { signal })).value.versions;
}

export function restoreTemplate(
  siteId: string,
  templateId: string,
  what: { version: number } | { default: true },
): Promise<Answer<SavedTemplate>> {
  return siteRequest<SavedTemplate>(siteId, 'POST', `${pathOf(templateId)}/restore`, { body: what });
}

export async function previewTemplate(siteId: string, body: PreviewBody): Promise<Previews> {
  const { value } = await siteRequest<Previews>(siteId, 'POST', '/templates/preview', { body });
  const warnings = value.warnings?.map((each) => ({ ...each, detail: forPeople(each.detail) }));
  return { ...value, ...(warnings && { warnings }) };
}

export async function sendTest(
  siteId: string,
  body: PreviewBody & { userId: string; language?: string },
): Promise<TestSent> {
  return (await siteRequest<TestSent>(siteId, 'POST', '/templates/test', { body })).value;
}

export async function readDelivery(siteId: string, deliveryId: string): Promise<Delivery> {
  return (await siteRequest<Delivery>(siteId, 'GET', `/deliveries/${encodeURIComponent(deliveryId)}`)).value;
}

export async function findLinked(siteId: string, query: string, signal: AbortSignal): Promise<People> {
  const asked = new URLSearchParams({ state: 'linked', limit: '8', ...(query !== '' && { query }) });
  return (await siteRequest<People>(siteId, 'GET', `/users?${asked}`, { signal })).value;
}
