/** Where a stored event names people. An event is stored as JSON; it was validated when it was registered. */

interface PersonInEvent {
  id: string;
}

/** The properties of an event in which people are named. */
interface PeopleInEvent {
  recipients?: PersonInEvent[];
  creator?: PersonInEvent;
  user?: PersonInEvent;
}

/** The event without a person: the same text if it does not name them, `undefined` if no recipient is left. */
export function withoutPerson(json: string, userId: string): string | undefined {
  const event = JSON.parse(json) as PeopleInEvent;
  const { recipients = [], creator, user } = event;
  const isOther = (person: PersonInEvent) => person.id !== userId;
  const others = recipients.filter(isOther);
  const isRecipient = others.length < recipients.length;
  const isCreator = creator !== undefined && !isOther(creator);
  if (user && !isOther(user)) return undefined;
  if (!isRecipient && !isCreator) return json;
  if (others.length === 0) return undefined;
  return JSON.stringify({ ...event, recipients: others, creator: isCreator ? undefined : creator });
}

/** The event with a new id wherever it names the person. */
export function renamedIn(json: string, from: string, to: string): string {
  const event = JSON.parse(json) as PeopleInEvent;
  const renamed = (person: PersonInEvent) => (person.id === from ? { ...person, id: to } : person);
  const { recipients, creator, user } = event;
  return JSON.stringify({
    ...event,
    ...(recipients && { recipients: recipients.map(renamed) }),
    ...(creator && { creator: renamed(creator) }),
    ...(user && { user: renamed(user) }),
  });
}

/** The event as far as it concerns one person: without all others. `undefined` if it does not name them. */
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
