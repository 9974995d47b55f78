import * as z from 'zod/mini';
import { fullName } from '../lib/domain/person-names.ts';
import { defineEvent } from '../lib/events/definition.ts';
import { eventFunction } from '../lib/events/handler.ts';
import { eventFields, message, person, recipients } from '../lib/events/schemas.ts';

/** Notifica invio messaggio: a message was written in the reserved area. Each of its recipients gets a message. */
export const messageSent = defineEvent({
  name: 'message-sent',
  schema: (link) => z.strictObject({ ...eventFields, message: message(link), sender: person, recipients }),
  templateKind: () => 'message-sent',
  recipients: (event) => event.recipients,
  actor: ({ sender }) => sender,
  url: ({ message }) => message.url,
  format: ({ message }) => message.format,
  values: ({ message, sender }) => ({
    oggettoMessaggio: message.subject,
    testoMessaggio: message.text,
    autore: fullName(sender),
  }),
});

export const { routes, handler } = eventFunction(messageSent);
