import type { FieldError } from '../domain/errors.ts';
import { userKey } from '../domain/ids.ts';
import { readFacts } from '../store/facts.ts';
import type { Site } from '../store/sites.ts';

/** Those of the staff whom nobody knows as users of the site. @throws ServiceUnreachableError */
export async function staffWarnings({ siteId, staff = [] }: Site): Promise<FieldError[]> {
  const keys = staff.map(({ userId }) => ({ siteId, userId }));
  if (keys.length === 0) return [];
  const { users } = await readFacts({ users: keys });
  return keys.flatMap((key, index) => {
    const user = users.get(userKey(key));
    if (user && !user.renamed) return [];
    return [{ pointer: `/staff/${index}/userId`, code: 'unknown-person', detail: unknownPerson(key.userId) }];
  });
}

function unknownPerson(userId: string) {
  return {
    en: `Nobody is known as "${userId}" yet: they are told nothing until they have linked Telegram with a link for this id.`,
    it: `Nessuno è ancora noto come "${userId}": non riceve nulla finché non collega Telegram con un link per questo id.`,
  };
}
