import type { Sentence } from '../domain/sentence.ts';
import { noticeOf } from '../domain/staff.ts';
import { LATER_STEPS } from './later-steps.ts';

/** What a line of the log says, as far as words are found for it. */
export interface ToldOutcome {
  status: 'sent' | 'failed' | 'retrying' | 'skipped' | 'waiting' | 'scheduled';
  /** `skipped`, `waiting`. */
  reason?: string | undefined;
  failure?: { class: string } | undefined;
  /** `sent`: an earlier message was changed. */
  edited?: true | undefined;
  /** `sent`: it was taken back. */
  takenBackAt?: string | undefined;
  takenBackAs?: 'edited' | undefined;
  event: string;
  /** How many notices the message collects. */
  collected?: number | undefined;
  /** Which message of a series it is. */
  step?: number | undefined;
}

const SENT: Sentence = { it: 'Inviato: è nella chat.', en: 'Sent: it is in the chat.' };

const EDITED: Sentence = {
  it: 'Aggiornato: il messaggio dell’ordine, già nella chat, ora mostra questo stato. Il telefono non ha suonato.',
  en: 'Updated: the message of the order, which was in the chat, shows this status now. No phone rang.',
};
/** A message about several notices of a folder. */
const SENT_COLLECTED: (count: number) => Sentence = (count) => ({
  it: `Inviato: è nella chat. Raccoglie ${count} avvisi della stessa cartella.`,
  en: `Sent: it is in the chat. It collects ${count} notices of the same folder.`,
});

const TAKEN_BACK: Sentence = {
  it: 'Inviato, poi ritirato dalla chat: il carrello è stato ordinato o recuperato. Non serve fare nulla.',
  en: 'Sent, then taken back from the chat: the cart was ordered or recovered. Nothing has to be done.',
};

const TAKEN_BACK_EDITED: Sentence = {
  it: 'Inviato, poi sostituito con un testo neutro: il carrello è stato ordinato o recuperato, e Telegram non permette più di cancellare il messaggio. Non serve fare nulla.',
  en: 'Sent, then replaced by a neutral text: the cart was ordered or recovered, and Telegram does not let the message be deleted any more. Nothing has to be done.',
};

/** The message is in the chat, but not as its text wanted it. */
const SENT_OTHERWISE: Sentence = {
  it: 'Inviato, ma Telegram ha rifiutato una parte del testo (formattazione, pulsante o tabella degli articoli): il messaggio è arrivato senza. Controllare il messaggio, o le foto degli articoli.',
  en: 'Sent, but Telegram refused a part of the template (markup, button or table of the articles): the message came without it. Look at the template, or at the pictures of the articles.',
};

const SKIPPED: Record<string, Sentence> = {
  'not-linked': {
    it: 'Non inviato: la persona non ha collegato Telegram. Serve mandarle il link di collegamento.',
    en: 'Not sent: the person has not linked Telegram. Send them the link.',
  },
  'opted-out': {
    it: 'Non inviato: la persona ha rifiutato gli avvisi. Può riattivarli con /start nel bot, o dal sito.',
    en: 'Not sent: the person has opted out. They can take that back with /start in the bot, or on the site.',
  },
  muted: {
    it: 'Non inviato: la persona ha disattivato questo tipo di avviso. Può riattivarlo nel bot con /impostazioni.',
    en: 'Not sent: the person has switched off notices of this kind. They can switch them on in the bot with /impostazioni.',
  },
  unreachable: {
    it: 'Non inviato: la persona ha bloccato il bot o ha chiuso il suo account Telegram. Deve aprire il bot e premere Avvia.',
    en: 'Not sent: the person has blocked the bot or closed their Telegram account. They have to open the bot and press Start.',
  },
  'no-template': {
    it: 'Non inviato: nessun messaggio attivo per questo evento. Crearne uno o attivarlo nella pagina dei messaggi.',
    en: 'Not sent: no template for this event is enabled. Create or enable one on the page of the templates.',
  },
  'status-not-managed': {
    it: 'Non inviato: nessun messaggio riguarda questo stato. Se deve partire un avviso, aggiungere lo stato a un messaggio.',
    en: 'Not sent: no template manages this status. Add the status to a template if you want a message for it.',
  },
  'group-not-included': {
    it: 'Non inviato: la persona non è in un gruppo scelto nel messaggio. Se deve riceverlo, aggiungere il suo gruppo al messaggio.',
    en: 'Not sent: the person is in no group that the template is for. Add their group to the template if they should get it.',
  },
  'sender-group-not-enabled': {
    it: 'Non inviato: il gruppo di chi ha agito non ha la Gestione Telegram. Se deve poter avvisare, abilitarla nelle impostazioni.',
    en: 'Not sent: the group of the person who acted has no "Gestione Telegram". Enable it in the settings if they may notify others.',
  },
  'agent-cart': {
    it: 'Non inviato: il carrello è di un agente, e per quelli non partono avvisi.',
    en: 'Not sent: the cart is an agent’s, and there are no notices for those.',
  },
  'docuvision-disabled': {
    it: 'Non inviato: gli avvisi per i documenti di Docuvision sono spenti. Si attivano nelle impostazioni.',
    en: 'Not sent: notices of Docuvision documents are switched off. The settings switch them on.',
  },
  superseded: {
    it: 'Non inviato: nel frattempo è successo qualcosa di più recente (un ordine, un altro stato, un annullamento). Non serve fare nulla.',
    en: 'Not sent: something newer has happened since (an order, another status, a cancellation). Nothing has to be done.',
  },
  past: {
    it: 'Non inviato: quando toccava al messaggio, ciò che annunciava era già passato. Non serve fare nulla.',
    en: 'Not sent: when it was its turn, what it announced was over. Nothing has to be done.',
  },
  'in-digest': {
    it: 'Raccolto: è in un solo messaggio insieme ad altri avvisi della stessa cartella. Non serve fare nulla.',
    en: 'Collected: it is in one message together with other notices of the same folder. Nothing has to be done.',
  },
  'no-marketing-consent': {
    it: 'Non inviato: i messaggi dopo il primo sullo stesso carrello sono pubblicità, e questa persona non ha dato il consenso a riceverla. Il consenso si raccoglie sul sito.',
    en: 'Not sent: the messages after the first one about a cart are advertising, and this person has not consented to any. Consent is asked for on the site.',
  },
  'site-inactive': {
    it: 'Non inviato: l’integrazione Telegram del sito era spenta. Si riattiva nelle impostazioni.',
    en: 'Not sent: the Telegram integration of the site was switched off. Switch it on in the settings.',
  },
  'not-staff': {
    it: 'Non inviato: la persona non è più tra chi lavora nel negozio e riceve questo avviso. Si sceglie nelle impostazioni.',
    en: 'Not sent: the person is no longer among the staff who get this notice. The settings say who does.',
  },
  'given-up': {
    it: 'Non inviato: per molte volte il messaggio non si è potuto preparare. Avvisare l’assistenza, con il codice dell’evento.',
    en: 'Not sent: the message could not be prepared, many times. Tell the support, with the id of the event.',
  },
};

/** No template is there for a later message about a cart. */
const WITHOUT_STEP: (step: Sentence) => Sentence = (step) => ({
  it: `Non inviato: nessun messaggio attivo per il ${step.it}. Crearne uno o attivarlo nella pagina dei messaggi.`,
  en: `Not sent: no template for the ${step.en} is enabled. Create or enable one on the page of the templates.`,
});

const FAILED: Record<string, Sentence> = {
  unreachable: {
    it: 'Non riuscito: Telegram dice che il bot non può scrivere in questa chat (bot bloccato o account chiuso). La persona deve aprire il bot e premere Avvia.',
    en: 'Failed: Telegram says that the bot can not write to this chat (bot blocked, or account closed). The person has to open the bot and press Start.',
  },
  'bot-missing': {
    it: 'Non riuscito: per una settimana il sito non ha avuto un bot. Salvare il bot nella pagina del bot, poi reinviare.',
    en: 'Failed: for a week the site had no bot. Save it on the page of the bot, then resend.',
  },
  'bot-unauthorized': {
    it: 'Non riuscito: per una settimana Telegram ha rifiutato il token del bot. Salvare il token nuovo di @BotFather, poi reinviare.',
    en: 'Failed: for a week Telegram refused the token of the bot. Save the new token of @BotFather, then resend.',
  },
  'quiet-hours': {
    it: 'Non riuscito: per una settimana il messaggio non si è potuto inviare, e ora sono ore di silenzio. Si può reinviare.',
    en: 'Failed: for a week the message could not be sent, and these are quiet hours. You can resend it.',
  },
  retry: {
    it: 'Non riuscito: per una settimana Telegram non ha risposto. Si può reinviare.',
    en: 'Failed: for a week Telegram did not answer. You can resend it.',
  },
};

const REFUSED: Sentence = {
  it: 'Non riuscito: Telegram ha rifiutato il messaggio; il motivo è nei dettagli. Controllare il testo, poi reinviare.',
  en: 'Failed: Telegram refused the message; the details say why. Look at the template, then resend.',
};

const RETRYING: Sentence = {
  it: 'Telegram non ha risposto: si riprova da soli, non serve fare nulla.',
  en: 'Telegram did not answer: it is tried again by itself, nothing has to be done.',
};

const WAITING: Record<string, Sentence> = {
  'rate-limit': {
    it: 'In coda: il bot sta inviando molti messaggi, al ritmo che Telegram permette. Parte da solo.',
    en: 'Queued: the bot is sending many messages, at the pace that Telegram allows. It goes out by itself.',
  },
  'chat-paused': {
    it: 'In attesa: Telegram chiede una pausa per questa chat, o qualcosa che viene prima nella chat non è ancora riuscito. Parte da solo.',
    en: 'Waits: Telegram asks for a pause in this chat, or what comes before it in the chat has not succeeded yet. It goes out by itself.',
  },
  'quiet-hours': {
    it: 'In attesa: per la persona sono ore di silenzio. Parte da solo quando finiscono.',
    en: 'Waits: it is in the person’s quiet hours. It goes out by itself when they are over.',
  },
  'bot-paused': {
    it: 'In attesa: Telegram chiede una pausa al bot. Parte da solo.',
    en: 'Waits: Telegram asks the bot for a pause. It goes out by itself.',
  },
  'bot-missing': {
    it: 'In attesa: il sito non ha un bot. Parte quando il bot è salvato nella pagina del bot.',
    en: 'Waits: the site has no bot. Save it on the page of the bot, and it goes out.',
  },
  'bot-unauthorized': {
    it: 'In attesa: Telegram rifiuta il token del bot. Parte quando è salvato il token nuovo di @BotFather.',
    en: 'Waits: Telegram refuses the token of the bot. Save the new token of @BotFather, and it goes out.',
  },
  'telegram-unreachable': {
    it: 'In attesa: Telegram non risponde. Si riprova da soli, non serve fare nulla.',
    en: 'Waits: Telegram does not answer. It is tried again by itself, nothing has to be done.',
  },
};

const SCHEDULED: Record<string, Sentence> = {
  'abandoned-cart': {
    it: 'In programma: parte all’ora indicata, se il carrello non viene ordinato o recuperato prima.',
    en: 'Scheduled: it goes out at that time, unless the cart is ordered or recovered before.',
  },
  'activity-reminder': {
    it: 'In programma: parte all’ora indicata, se l’attività non viene annullata o spostata prima.',
    en: 'Scheduled: it goes out at that time, unless the activity is cancelled or moved before.',
  },
};

/** Of files. */
const COLLECTING: Sentence = {
  it: 'In programma: parte all’ora indicata, insieme ad altri avvisi della stessa cartella.',
  en: 'Scheduled: it goes out at that time, together with other notices of the same folder.',
};

/** Of the notice that the messages are switched off. */
const ON_AGAIN: Sentence = {
  it: 'Non inviato: nel frattempo i messaggi sono stati riattivati. Non serve fare nulla.',
  en: 'Not sent: messages have been switched on again since. Nothing has to be done.',
};

/** A reason of which this release knows no words. */
const OTHER: Sentence = { it: 'Non inviato.', en: 'Not sent.' };

/** What happened, and what the merchant can do now. */
export function deliveryWords(outcome: ToldOutcome): Sentence {
  const {
    status,
    reason = '',
    failure,
    event,
    edited,
    collected,
    takenBackAt,
    takenBackAs,
    step = 1,
  } = outcome;
  const laterStep = LATER_STEPS[step - 2];
  switch (status) {
    case 'sent':
      if (takenBackAt !== undefined) return takenBackAs ? TAKEN_BACK_EDITED : TAKEN_BACK;
      if (failure) return SENT_OTHERWISE;
      if (edited) return EDITED;
      return collected ? SENT_COLLECTED(collected) : SENT;
    case 'failed':
      // A message that has waited for a week has the reason of its waiting where Telegram has said nothing.
      return FAILED[failure?.class === 'telegram-unreachable' ? 'retry' : (failure?.class ?? '')] ?? REFUSED;
    case 'retrying':
      return RETRYING;
    case 'waiting':
      return WAITING[reason] ?? RETRYING;
    case 'scheduled':
      return SCHEDULED[event] ?? COLLECTING;
    default:
      if (reason === 'superseded' && noticeOf(event) === 'module-off') return ON_AGAIN;
      if (reason === 'no-template' && laterStep) return WITHOUT_STEP(laterStep);
      return SKIPPED[reason] ?? OTHER;
  }
}

/** The words for each state. */
export const STATUS_WORDS: Record<ToldOutcome['status'], Sentence> = {
  sent: { it: 'Inviato', en: 'Sent' },
  failed: { it: 'Non riuscito', en: 'Failed' },
  retrying: { it: 'Si riprova', en: 'Retried' },
  skipped: { it: 'Non inviato', en: 'Not sent' },
  waiting: { it: 'In attesa', en: 'Waits' },
  scheduled: { it: 'In programma', en: 'Scheduled' },
};

/** The state of a line in a word. */
export function statusWords({ status, reason }: Pick<ToldOutcome, 'status' | 'reason'>): Sentence {
  return reason === 'in-digest' ? { it: 'Raccolto', en: 'Collected' } : STATUS_WORDS[status];
}
