/** Lines of the log as people read them: with names, and with words. */
import { namesOf } from '../domain/person-names.ts';
import type { Sentence } from '../domain/sentence.ts';
import { deliveryWords } from '../i18n/delivery-words.ts';
import type { Site } from '../store/sites.ts';
import { isForErased, type User } from '../store/user.ts';
import { readReadableUsers } from '../store/users.ts';
import type { DeliveryView } from './delivery-view.ts';

/** A line of the log. */
export interface LogLine extends DeliveryView {
  /** The name that the person has now; absent where none is known. */
  userName?: string;
  /** The name that the template has now; absent where it is gone, or none was chosen. */
  templateName?: string;
  /** What happened, and what the merchant can do, in Italian and English. */
  message: Sentence;
}

/**
 * Lines with the present names of their people and templates: one read for every hundred people. What was recorded of a
 * person who is erased since is left out: a function may have recorded it after the erasure.
 *
 * @throws ServiceUnreachableError
 */
export async function logLines(views: DeliveryView[], site: Site): Promise<LogLine[]> {
  const users = await usersOf(
    site.siteId,
    views.map(({ userId }) => userId),
  );
  const templates = new Map(site.templates.map(({ id, name }) => [id, name]));
  return views.flatMap((view) => {
    const user = users.get(view.userId);
    if (isForErased(user, view.recordedAt)) return [];
    const userName = nameOf(user);
    const templateName = view.templateId && templates.get(view.templateId);
    return [
      {
        ...view,
        ...(userName && { userName }),
        ...(templateName && { templateName }),
        message: deliveryWords(view),
      },
    ];
  });
}

/** The users of these ids, by id, also what is left of those who were erased. @throws ServiceUnreachableError */
export async function usersOf(siteId: string, userIds: string[]): Promise<Map<string, User>> {
  const users = await readReadableUsers([...new Set(userIds)].map((userId) => ({ siteId, userId })));
  return new Map(users.map((user) => [user.userId, user]));
}

/** The name of a person as it is shown; empty where none is known. */
export function nameOf(person: Parameters<typeof namesOf>[0] | undefined): string {
  return person ? namesOf(person).nominativo : '';
}
