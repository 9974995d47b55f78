interface PersonInEvent {
  id: string;
}

/** The properties of an event in which people are named. */
interface PeopleInEvent {
  recipients?: PersonInEvent[];
  creator?: PersonInEvent;
  user?: PersonInEvent;
}

/**
 * A waiting event as far as it concerns one person: without all others.
 *
 * @param json the event as stored. It was validated when it was registered.
 * @returns `undefined` if it does not name the person.
 */
export function aboutPerson(json: string, userId: string): Record<string, unknown> | undefined {
  const { recipients = [], creator, user, ...event } = JSON.parse(json) as PeopleInEvent;
  const isMeant = (person: PersonInEvent) => person.id === userId;
  const own = recipients.filter(isMeant);
  const about = {
    ...(own.length > 0 && { recipients: own }),
    ...(creator && isMeant(creator) && { creator }),
    ...(user && isMeant(user) && { user }),
  };
  return Object.keys(about).length > 0 ? { ...event, ...about } : undefined;
}
