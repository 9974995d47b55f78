import type { SkipReason } from '../domain/outcomes.ts';
import { comparableStatus, includesMember, sendingTemplates, type Template } from '../domain/templates.ts';
import { log } from '../observability/logger.ts';
import type { Site } from '../store/sites.ts';
import { readableName } from '../telegram/text/markup.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import type { Recipient } from './schemas.ts';

/** The templates that send to a recipient. */
export interface Choice {
  recipient: Recipient;
  templates: Template[];
  /** Why `templates` is empty. */
  skipReason?: SkipReason;
}

/** The templates for each recipient, as far as event and site determine them. The users are not read here. */
export function chooseTemplates<Event extends EventFields>(
  definition: EventDefinition<Event>,
  event: Event,
  site: Site,
): Choice[] {
  const ofEvent = templatesOfEvent(definition, event, site);
  let leftOut = 0;
  const choices = peopleIn(definition, event).map<Choice>((recipient) => {
    if (typeof ofEvent === 'string') return { recipient, templates: [], skipReason: ofEvent };
    const meant = ofEvent.filter((template) => definition.isFor?.(template, recipient, event) ?? true);
    if (meant.length === 0) return { recipient, templates: [], skipReason: 'no-template' };
    const including = meant.filter((template) => includesMember(template, recipient));
    const templates = sendingTemplates(including);
    leftOut = Math.max(leftOut, including.length - templates.length);
    return { recipient, templates, ...(templates.length === 0 && { skipReason: 'group-not-included' }) };
  });
  if (leftOut > 0) warnOfTooMany(definition.name, site, leftOut);
  return choices;
}

function warnOfTooMany(event: string, { siteId }: Site, leftOut: number): void {
  log.warn('more templates are enabled than are sent', { siteId, event, leftOut });
}

/** The recipients of an event. A person named twice gets one notification, with the data of the first entry. */
export function peopleIn<Event extends EventFields>(
  definition: EventDefinition<Event>,
  event: Event,
): Recipient[] {
  const byId = new Map<string, Recipient>();
  for (const recipient of definition.recipients(event))
    if (!byId.has(recipient.id)) byId.set(recipient.id, recipient);
  return [...byId.values()];
}

function templatesOfEvent<Event extends EventFields>(
  definition: EventDefinition<Event>,
  event: Event,
  site: Site,
): Template[] | SkipReason {
  const reason = definition.skipReason?.(event, site) ?? actorSkipReason(definition, event, site);
  if (reason) return reason;

  const kind = definition.templateKind(event);
  const reaches = (template: Template) => definition.reaches?.(template, event) ?? true;
  const templates = (definition.templatesOf?.(site, event) ?? site.templates).filter(
    (template) => template.enabled && template.event === kind && reaches(template),
  );
  if (templates.length === 0) return 'no-template';

  const status = definition.status?.(event);
  if (status === undefined) return templates;
  // What an editor wrote as a character reference is the character, as where it is shown.
  const wanted = comparableStatus(readableName(status));
  const managing = templates.filter(({ statuses }) => statuses?.map(comparableStatus).includes(wanted));
  return managing.length > 0 ? managing : 'status-not-managed';
}

/** Events of the reserved area are sent only if the group of the acting person has "Gestione Telegram". */
function actorSkipReason<Event extends EventFields>(
  definition: EventDefinition<Event>,
  event: Event,
  { telegramGroups }: Site,
): SkipReason | undefined {
  const actor = definition.actor?.(event);
  if (!actor || telegramGroups.length === 0) return undefined;
  const mayCause = actor.groups?.some((group) => telegramGroups.includes(group)) ?? false;
  return mayCause ? undefined : 'sender-group-not-enabled';
}
