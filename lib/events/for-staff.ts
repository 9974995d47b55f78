import { type StaffMessage, staffKeys } from '../deliveries/staff-notices.ts';
import { userKey } from '../domain/ids.ts';
import { namesOf } from '../domain/person-names.ts';
import { spokenLanguage } from '../i18n/languages.ts';
import { NEW_ORDER } from '../i18n/staff-texts.ts';
import type { Facts } from '../store/facts.ts';
import { isForErased } from '../store/user.ts';
import type { MessageRenderer } from '../templates/render.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { momentOf } from './event-time.ts';
import { isNamedBy, type Reported } from './plan.ts';

/** The people of the shop who are told of an event that tells of something for the first time. */
export function staffOfEvent<Event extends EventFields>(
  { forStaff }: EventDefinition<Event>,
  { event, site }: Pick<Reported<Event>, 'event' | 'site'>,
) {
  return forStaff && site.staff ? staffKeys(site, forStaff(event).notice) : [];
}

/** What they are told. `acceptedAt`: ISO 8601. */
export function staffMessageOf<Event extends EventFields>(
  definition: EventDefinition<Event>,
  { event, site, source, reportedAt }: Reported<Event>,
  { users }: Pick<Facts, 'users'>,
  { acceptedAt, renderer }: { acceptedAt: string; renderer: MessageRenderer },
): StaffMessage | undefined {
  const told = definition.forStaff?.(event);
  const [person] = definition.recipients(event);
  if (!told || !person) return undefined;
  const { siteId, defaultLanguage, timeZone } = site;
  const known = users.get(userKey({ siteId, userId: person.id }));
  const at = momentOf(event, Date.parse(reportedAt ?? acceptedAt));
  // Who was erased since the event was reported is not named any more.
  const isErased = isForErased(known, reportedAt ?? acceptedAt);
  const names = isErased ? {} : namesOf(isNamedBy(known, person, at) ? known : person);
  return {
    notice: told.notice,
    identity: told.id,
    eventId: event.eventId,
    acceptedAt,
    ...(source && { source }),
    textFor: ({ language }) =>
      renderer.render({
        template: { event: definition.templateKind(event), ...NEW_ORDER },
        languages: [language],
        defaultLanguage: spokenLanguage(defaultLanguage),
        ...{ timeZone, url: definition.url(event) },
        values: { ...names, ...definition.values(event) },
      }),
  };
}
