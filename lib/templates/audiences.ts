import type { Template } from '../domain/templates.ts';
import { type Site, toneOf } from '../store/sites.ts';
import { defaultTemplates } from './template-kinds.ts';

/**
 * The templates of a site, each of `activity-status` with its audience.
 *
 * Those of the former release have none: they were written for the creator of the activity, who alone was told. Beside
 * them a site has the default template for the recipients, until one of its templates says whom it is for. It is
 * switched on where one of the others is.
 */
export function templatesOf(site: Pick<Site, 'templates' | 'tone'>): Template[] {
  const { templates } = site;
  const former = templates.filter(({ event }) => event === 'activity-status');
  if (former.length === 0 || former.some(({ audience }) => audience !== undefined)) return templates;
  const added = defaultTemplates(toneOf(site)).filter(({ audience }) => audience === 'recipients');
  const enabled = former.some((template) => template.enabled);
  return [...templates.map(withAudience), ...added.map((template) => ({ ...template, enabled }))];
}

/** A template as it was meant: of the former release, also as a version of one that was changed since, for the creator. */
export function withAudience(template: Template): Template {
  if (template.event !== 'activity-status' || template.audience) return template;
  return { ...template, audience: 'creator' };
}
