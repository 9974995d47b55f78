/** The limit on enabled templates: each event is sent with every template that applies, to each of its recipients. */
import type { FieldError } from '../../domain/errors.ts';
import { AUDIENCES, comparableStatus, MAX_ENABLED_TEMPLATES, type Template } from '../../domain/templates.ts';

/**
 * The errors of a template that would be one enabled too many. A site of the former release may have too many already:
 * those can be changed, but none can be added.
 *
 * @param known the template that it replaces.
 */
export function enabledErrors(wanted: Template, templates: Template[], known?: Template): FieldError[] {
  const before = new Set(known ? slotsOf(known) : []);
  const taken = countSlots(templates.filter((other) => other !== known));
  const errors = slotsOf(wanted).flatMap((slot, index) => {
    if (before.has(slot) || (taken.get(slot) ?? 0) < MAX_ENABLED_TEMPLATES) return [];
    return [tooMany(wanted, index)];
  });
  // One for everybody may be one too many for both audiences.
  return wanted.event === 'order-status' ? errors : errors.slice(0, 1);
}

/** The ids of the enabled templates before which ten others come, in the order in which they are sent. */
export function beyondLimit(templates: Template[]): string[] {
  const taken = new Map<string, number>();
  return templates
    .filter((template) => {
      const counts = slotsOf(template).map((slot) => increase(taken, slot));
      return counts.some((count) => count > MAX_ENABLED_TEMPLATES);
    })
    .map(({ id }) => id);
}

/**
 * What an enabled template is one of: those of its kind; of `order-status`, those for each of its statuses; of
 * `activity-status`, those for each audience.
 */
function slotsOf({ enabled, event, statuses = [], audience }: Template): string[] {
  if (!enabled) return [];
  if (event === 'activity-status')
    return AUDIENCES.filter(
      (each) => each !== 'everybody' && (audience === each || audience === 'everybody'),
    ).map((each) => `${event} ${each}`);
  if (event !== 'order-status') return [event];
  return statuses.map((status) => `${event} ${comparableStatus(status)}`);
}

function countSlots(templates: Template[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const slot of templates.flatMap(slotsOf)) increase(counts, slot);
  return counts;
}

function increase(counts: Map<string, number>, slot: string): number {
  const count = (counts.get(slot) ?? 0) + 1;
  counts.set(slot, count);
  return count;
}

function tooMany({ event, statuses }: Template, index: number): FieldError {
  const status = event === 'order-status' ? statuses?.[index] : undefined;
  const isOfKind = status === undefined;
  return {
    pointer: isOfKind ? '/enabled' : `/statuses/${index}`,
    code: 'too-many-enabled',
    detail: {
      en: `The site already has ${MAX_ENABLED_TEMPLATES} enabled templates ${isOfKind ? `for ${event}` : `for the order status "${status}"`}, and no more are sent: switch one of them off or delete it${isOfKind ? '' : ', or leave this status out'}, or save this one with "enabled": false.`,
      it: `Il sito ha già ${MAX_ENABLED_TEMPLATES} modelli attivi ${isOfKind ? `per ${event}` : `per lo stato "${status}"`}, e non se ne inviano di più: disattivarne o eliminarne uno${isOfKind ? '' : ', o togliere questo stato'}, oppure salvare questo con "enabled": false.`,
    },
  };
}
