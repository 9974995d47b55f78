/** The default templates have the names by which Passweb's manual calls them. */
import { expect, test } from '@jest/globals';
import { defaultTemplates } from '../../lib/templates/template-kinds.ts';

test('the names of the manual', () => {
  expect(defaultTemplates().map(({ event, name }) => [event, name])).toEqual([
    ['order-status', 'Notifica Stato Ordine: Nuovo'],
    ['order-status', 'Notifica Stato Ordine: Confermato'],
    ['order-status', 'Notifica Stato Ordine: Evaso'],
    ['order-status', 'Notifica Stato Ordine: Fatturato'],
    ['order-status', 'Notifica Stato Ordine: Annullato'],
    ['order-status', 'Notifica Stato Ordine: Pagamento non confermato'],
    ['order-status', 'Notifica Stato Ordine: stati interni'],
    ['abandoned-cart', 'Notifica carrello abbandonato'],
    ['message-sent', 'Notifica invio messaggio'],
    ['message-sent', 'Notifica invio messaggio, con il testo del messaggio'],
    ['message-read', 'Notifica lettura messaggio'],
    ['message-read', 'Notifica lettura messaggio, con il testo del messaggio'],
    ['activity-status', 'Notifica cambio stato attività'],
    ['activity-status', 'Notifica cambio stato attività: destinatari'],
    ['activity-viewed', 'Notifica presa visione attività'],
    ['activity-reminder', 'Promemoria attività'],
    ['file-upload', 'Notifica Upload File'],
    ['file-download', 'Notifica Download File'],
    ['file-view', 'Notifica Presa visione File'],
    ['welcome', 'Messaggio di benvenuto'],
  ]);
});
