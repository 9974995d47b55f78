/** Generated from docs/openapi.json by `npm run clients`: do not edit. */

import { type CallOptions, Connection, type ConnectionOptions, pathId, type Tagged } from './connection.ts';

export {
  type CallOptions,
  type ConnectionOptions,
  ProblemError,
  type ProblemPlace,
  type Tagged,
} from './connection.ts';

/** A cart was abandoned */
export type AbandonedCartEvent = {
  /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
  eventId: string;
  /** When it happened; absent: when it is reported */
  occurredAt?: OccurredAt;
  /** The language of the session in which it happened */
  language?: Language;
  /** The cart */
  cart: {
    /** The id of the cart in the shop */
    id: string;
    /** How many articles, without lines of expenses; may be a fraction, such as kilos */
    itemCount: number;
    /** What it costs */
    total: Money;
    url: Link;
    /** The page of the shop that fills the cart again: the button of the message leads there. Absent: to `url` */
    recoveryUrl?: Link;
  };
  /** Whose cart it is */
  user: CartRecipient;
};

/** A date and time with offset, or a whole day such as `2026-11-22`, in a year from 2000 to 2099 */
export type ActivityDate = Instant | string;

/** Remind people of an activity */
export type ActivityReminderEvent = {
  /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
  eventId: string;
  /** When it happened; absent: when it is reported */
  occurredAt?: OccurredAt;
  /** The activity of the agenda */
  activity: {
    /** The id of the activity */
    id: string;
    /** Its subject */
    subject: string;
    /** When it takes place: a moment, or a whole day */
    date: ActivityDate;
    url?: Link;
  };
  /** How many minutes before its date the recipients are told */
  remindMinutesBefore: number;
  /** How the activity repeats; absent: it does not */
  recurrence?: {
    /** How often */
    frequency: 'daily' | 'weekly' | 'monthly' | 'yearly';
    /** How many times it takes place in all */
    count?: number;
    /** The last day or moment on which it may take place */
    until?: LastDate;
  };
  /** Who made the activity */
  creator?: Person;
  /** Who is told */
  recipients: Recipient[];
};

/** An activity changed status */
export type ActivityStatusEvent = {
  /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
  eventId: string;
  /** When it happened; absent: when it is reported */
  occurredAt?: OccurredAt;
  /** The activity of the agenda */
  activity: {
    /** The id of the activity */
    id: string;
    /** Its subject */
    subject: string;
    /** When it takes place: a moment, or a whole day */
    date: ActivityDate;
    url?: Link;
  };
  /** The status that it had */
  oldStatus: string;
  /** The status that it has now */
  newStatus: string;
  changedBy?: Person;
  /** Who made the activity */
  creator: Recipient;
  /** Who is told */
  recipients?: Recipient[];
};

/** An assignee opened an activity */
export type ActivityViewedEvent = {
  /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
  eventId: string;
  /** When it happened; absent: when it is reported */
  occurredAt?: OccurredAt;
  /** The activity of the agenda */
  activity: {
    /** The id of the activity */
    id: string;
    /** Its subject */
    subject: string;
    /** When it takes place: a moment, or a whole day */
    date: ActivityDate;
    url?: Link;
  };
  /** Who has opened it */
  viewedBy: Person;
  /** Who made the activity */
  creator: Recipient;
};

/** Who made a change: the platform, the key of a site, or this program */
export type Actor = {
  /** Whose key was sent; `terminal`: who runs this API, without its keys */
  caller: 'site' | 'platform' | 'terminal';
  /** The id of that key, as `GET …/keys` shows it. Keys of the platform are named to the platform alone */
  keyId?: string;
  /** What the key is called, if it has a name */
  name?: string;
  /** `console`: by a person who had signed in to the console with that key, or with a link that was made with it */
  via?: 'console';
};

/** A page of the changes of a site, the newest first */
export type Audit = {
  /** The requests that have changed something */
  entries: {
    /** When */
    at: string;
    /** Who made the request */
    by: Actor;
    /** What each has changed */
    changes: (
      | {
          /** The kind of change */
          action: 'site-created' | 'site-deleted';
        }
      | {
          /** The kind of change */
          action: 'setting-changed';
          /** The setting that changed */
          field: string;
          /** What it was; absent: nothing */
          from?: unknown;
          /** What it is since; absent: nothing */
          to?: unknown;
        }
      | {
          /** The kind of change */
          action: 'key-added' | 'key-removed';
          /** The first 8 hexadecimal digits of the SHA-256 of the key */
          keyId: string;
          /** What the key is for */
          name?: string;
        }
      | {
          /** The kind of change */
          action: 'bot-saved';
          /** What it was; absent: nothing */
          from?: string;
          /** What it is since; absent: nothing */
          to?: string;
        }
      | {
          /** The kind of change */
          action: 'template-created' | 'template-deleted';
          /** The template */
          template: {
            /** Its id */
            id: string;
            /** The merchant's name for it */
            name: string;
            /** The kind of event */
            event:
              | 'order-status'
              | 'abandoned-cart'
              | 'message-sent'
              | 'message-read'
              | 'activity-status'
              | 'activity-viewed'
              | 'activity-reminder'
              | 'file-upload'
              | 'file-download'
              | 'file-view'
              | 'welcome';
          };
        }
      | {
          /** The kind of change */
          action: 'template-changed';
          /** The template */
          template: {
            /** Its id */
            id: string;
            /** The merchant's name for it */
            name: string;
            /** The kind of event */
            event:
              | 'order-status'
              | 'abandoned-cart'
              | 'message-sent'
              | 'message-read'
              | 'activity-status'
              | 'activity-viewed'
              | 'activity-reminder'
              | 'file-upload'
              | 'file-download'
              | 'file-view'
              | 'welcome';
          };
          /** What of it has changed */
          fields: string[];
        }
      | {
          /** The kind of change */
          action: 'templates-changed';
          /** How many templates have changed */
          count: number;
        }
    )[];
  }[];
  /** For the next page; absent on the last one */
  cursor?: string;
};

/** The bot that the site sends with */
export type BotBody = {
  /** As @BotFather gave it, or the whole message in which he did */
  token: string;
  /** With or without @; where it is given, the token has to be of that bot */
  username?: string;
  /** Whether to take the bot from another site, or from another program, that has it now */
  takeOver?: boolean;
};

/** The picture of the bot */
export type BotPhotoBody = {
  /** A JPEG in base64, about square: at most 190 KB, because a body may have 256 KB */
  jpeg: string;
};

/** What works, and what does not */
export type BotTest = {
  /** Whether all checks were passed */
  works: boolean;
  /** The bot, as Telegram names it; absent where Telegram does not accept the token */
  bot?: {
    /** The number of the bot at Telegram, as text: the digits before the ":" of its token */
    id: string;
    /** The username of the bot, without @ */
    username: string;
    /** The name of the bot, as people see it */
    name: string;
  };
  /** Each check, in the order in which they were made */
  checks: {
    /** What was looked at */
    check: 'token' | 'username' | 'webhook' | 'updates';
    /** What came out; `not-checked` where an earlier one had failed */
    status: 'works' | 'broken' | 'not-checked';
    /** The result in a sentence */
    detail: string;
    /** What to do about it; absent where it works */
    nextStep?: string;
  }[];
};

/** Whose cart it is: as `Recipient`, with what the shop knows of their consent to advertising, which every message about the cart after the first one needs */
export type CartRecipient = {
  /** Passweb's id of the person */
  id: string;
  /** The first name; companies have none */
  firstName?: string;
  /** The last name; companies have none */
  lastName?: string;
  /** The name of the company */
  companyName?: string;
  /** The user groups of the shop they are in */
  groups?: string[];
  /** BCP 47 */
  language?: Language;
  /** What the person is to the shop */
  kind?: 'customer' | 'reserved-area' | 'agent' | 'administrator';
  /** Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none */
  marketingConsent?: MarketingConsent;
};

/** The settings as they are now */
export type ChangedSettings = {
  /** The id of the shop, as in its paths */
  siteId: string;
  /** The name of the shop, as its customers read it */
  name: string;
  /** The address of the shop; links in messages lead there */
  url: string;
  /** Whether the shop has bought the Telegram module; only the platform can change it */
  moduleActive: boolean;
  /** Whether the merchant has the integration switched on; off, nothing is sent and everything is kept */
  active: boolean;
  /** The languages of the shop, as BCP 47 tags; every template has a text in each */
  languages: string[];
  /** One of `languages`: that of a person of whom no language is known */
  defaultLanguage: string;
  /** IANA name, such as `Europe/Rome`: dates are shown in it */
  timeZone: string;
  /** When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours */
  quietHours?: {
    /** When they begin: `HH:MM` */
    from: string;
    /** When they end: `HH:MM`; before `from`, it is the next day */
    to: string;
    /** `silent`: messages go out without a sound. `after`: they wait until the quiet hours are over */
    mode: 'silent' | 'after';
  };
  /** How many hours after a cart was abandoned its user is told; fractions are allowed */
  abandonedCartHours: number;
  /** Further messages about an abandoned cart, which are advertising: only people get them of whom `marketingConsent` is given. Absent: one message, which needs no consent */
  cartSeries?: {
    /** The second message, and the third */
    steps: {
      /** How many hours after the cart was abandoned it is sent: later than the message before; fractions are allowed */
      afterHours: number;
    }[];
  };
  /** The user groups with "Gestione Telegram"; none named: no limit */
  telegramGroups: string[];
  /** Whether documents that the back office uploads notify */
  docuvision: boolean;
  /** Who works in the shop, and what they are told; absent: nobody */
  staff?: {
    /** Whom: a user of the site, by Passweb's id */
    userId: string;
    /** What they are told. `new-order`: an order is reported for the first time. `failures`: messages have failed, at most once an hour. `bot-refused`: Telegram takes the token of the bot again, which it refused. `module-off`: messages are switched off */
    notices: ('new-order' | 'failures' | 'bot-refused' | 'module-off')[];
  }[];
  /** How customers reach the merchant, as the bot tells them */
  merchantContact?: string;
  /** The https address of the shop's privacy notice */
  privacyUrl?: string;
  /** The text of the button of all order messages, by language; a template may have its own */
  orderButton?: { [name: string]: string };
  /** The text of the button of all cart messages, by language; a template may have its own */
  cartButton?: { [name: string]: string };
  /** Whether the links to the shop in its messages lead through `/c/…`, which counts who opens them; absent: they do not */
  countClicks?: boolean;
  /** How people are addressed in Italian: `tu`, or the formal `lei` */
  tone: 'tu' | 'lei';
  /** Addresses that the site had before, the latest first */
  formerUrls?: {
    /** An address that the site had before */
    url: string;
    /** Until when links of events may be on its host */
    until: string;
  }[];
  /** The bot of the shop; absent before one is saved */
  bot?: {
    /** The number of the bot at Telegram, as text: the digits before the ":" of its token */
    id: string;
    /** The username of the bot, without @ */
    username: string;
    /** Whether it was made with the manager bot, which can give it another token */
    managed?: true;
    /** Why nothing can be sent with the bot now; absent while all is well */
    problem?: {
      /** What is wrong, for programs */
      kind: string;
      /** Since when */
      since: string;
      /** The same in the words of Telegram, or in ours */
      description: string;
    };
  };
  /** The bot with which the site can get one without @BotFather; absent where the deployment has none */
  managerBot?: {
    /** Its username, without @ */
    username: string;
  };
  /** What was saved all the same: people of the staff whom nobody knows yet */
  warnings?: FieldError[];
};

/** The site as it is now */
export type ChangedSite = {
  /** The id of the shop, as in its paths */
  siteId: string;
  /** The name of the shop, as its customers read it */
  name: string;
  /** The address of the shop; links in messages lead there */
  url: string;
  /** Whether the shop has bought the Telegram module; only the platform can change it */
  moduleActive: boolean;
  /** Whether the merchant has the integration switched on; off, nothing is sent and everything is kept */
  active: boolean;
  /** The languages of the shop, as BCP 47 tags; every template has a text in each */
  languages: string[];
  /** One of `languages`: that of a person of whom no language is known */
  defaultLanguage: string;
  /** IANA name, such as `Europe/Rome`: dates are shown in it */
  timeZone: string;
  /** When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours */
  quietHours?: {
    /** When they begin: `HH:MM` */
    from: string;
    /** When they end: `HH:MM`; before `from`, it is the next day */
    to: string;
    /** `silent`: messages go out without a sound. `after`: they wait until the quiet hours are over */
    mode: 'silent' | 'after';
  };
  /** How many hours after a cart was abandoned its user is told; fractions are allowed */
  abandonedCartHours: number;
  /** Further messages about an abandoned cart, which are advertising: only people get them of whom `marketingConsent` is given. Absent: one message, which needs no consent */
  cartSeries?: {
    /** The second message, and the third */
    steps: {
      /** How many hours after the cart was abandoned it is sent: later than the message before; fractions are allowed */
      afterHours: number;
    }[];
  };
  /** The user groups with "Gestione Telegram"; none named: no limit */
  telegramGroups: string[];
  /** Whether documents that the back office uploads notify */
  docuvision: boolean;
  /** Who works in the shop, and what they are told; absent: nobody */
  staff?: {
    /** Whom: a user of the site, by Passweb's id */
    userId: string;
    /** What they are told. `new-order`: an order is reported for the first time. `failures`: messages have failed, at most once an hour. `bot-refused`: Telegram takes the token of the bot again, which it refused. `module-off`: messages are switched off */
    notices: ('new-order' | 'failures' | 'bot-refused' | 'module-off')[];
  }[];
  /** How customers reach the merchant, as the bot tells them */
  merchantContact?: string;
  /** The https address of the shop's privacy notice */
  privacyUrl?: string;
  /** The text of the button of all order messages, by language; a template may have its own */
  orderButton?: { [name: string]: string };
  /** The text of the button of all cart messages, by language; a template may have its own */
  cartButton?: { [name: string]: string };
  /** Whether the links to the shop in its messages lead through `/c/…`, which counts who opens them; absent: they do not */
  countClicks?: boolean;
  /** How people are addressed in Italian: `tu`, or the formal `lei` */
  tone: 'tu' | 'lei';
  /** Addresses that the site had before, the latest first */
  formerUrls?: {
    /** An address that the site had before */
    url: string;
    /** Until when links of events may be on its host */
    until: string;
  }[];
  /** The bot of the shop; absent before one is saved */
  bot?: {
    /** The number of the bot at Telegram, as text: the digits before the ":" of its token */
    id: string;
    /** The username of the bot, without @ */
    username: string;
    /** Whether it was made with the manager bot, which can give it another token */
    managed?: true;
    /** Why nothing can be sent with the bot now; absent while all is well */
    problem?: {
      /** What is wrong, for programs */
      kind: string;
      /** Since when */
      since: string;
      /** The same in the words of Telegram, or in ours */
      description: string;
    };
  };
  /** The bot with which the site can get one without @BotFather; absent where the deployment has none */
  managerBot?: {
    /** Its username, without @ */
    username: string;
  };
  /** Only after a move to another host, scheme or port: what has to be changed at @BotFather, in sentences */
  reminders?: string[];
};

/** A Telegram chat of a user */
export type Chat = {
  /** The number of the chat at Telegram, up to 52 bits */
  chatId: number;
  /** When the person linked this chat */
  linkedAt?: string;
  /** How they linked it */
  linkedBy?: 'deep-link' | 'login-widget' | 'oidc' | 'import';
  /** The username of the account at Telegram when it was linked, without @ */
  telegramUsername?: string;
  /** The site has another bot since: the person has to press Start there */
  needsNewStart?: boolean;
  /** How many Telegram can not reach */
  unreachable?: Unreachable;
  /** The person has written /stop in this chat */
  stopped: boolean;
  /** When they wrote it */
  stoppedAt?: string;
};

/** A date and time with offset, in a year from 2000 to 2099 */
export type ConsentedAt = Instant;

/** A link that signs in to the console of a site, once */
export type ConsoleLink = {
  /** Where the browser goes */
  url: string;
  /** Until when it can be opened */
  expiresAt: string;
};

/** A page of the log */
export type Deliveries = {
  /** A page of the log, the newest first */
  deliveries: Delivery[];
  /** Where it goes on: send it with the same parameters; absent on the last page */
  cursor?: string;
  /** With `totals=true`: how many lines the other filters find, by state. `complete`: whether that are all; if not, the newest ones, some ten thousands, were counted */
  totals?: {
    /** How many were sent */
    sent: number;
    /** How many failed */
    failed: number;
    /** How many are tried again */
    retrying: number;
    /** How many were not sent */
    skipped: number;
    /** How many wait */
    waiting: number;
    /** Whether these are all; if not, only the newest ones were counted */
    complete: boolean;
  };
};

/** What became of one message, or why there is none */
export type Delivery = {
  /** The id of the delivery: the same for the same message, however often its event is reported */
  deliveryId: string;
  /** The kind of event */
  event: string;
  /** That of the event; of a welcome and of a test one of our own */
  eventId: string;
  /** Absent where no template was chosen */
  templateId?: string;
  /** Passweb's id of the user */
  userId: string;
  /** What became of it */
  status: 'sent' | 'skipped' | 'failed' | 'retrying' | 'waiting' | 'scheduled';
  /** When it became this */
  recordedAt: string;
  /** How often it was taken from the queue, or tried */
  attempts: number;
  /** Whether it was a merchant's test of a template */
  test: boolean;
  /** How the event came; absent for a welcome, for a test, and in lines of the former release */
  source?: 'https' | 'sqs';
  /** `scheduled`: when it is due. `skipped`: when it would have been, had it not been ended before */
  dueAt?: string;
  /** `skipped`, `waiting`: why */
  reason?: string;
  /** What Telegram, or the way to it, said */
  failure?: {
    /** The kind of failure, for programs */
    class: string;
    /** What Telegram, or the way to it, said */
    description: string;
  };
  /** `retrying`: when it is tried again */
  nextAttemptAt?: string;
  /** `waiting`: when it is looked at again */
  until?: string;
  /** `in-digest`: the `deliveryId` of the message that it is in, together with other notices of its folder */
  digestId?: string;
  /** How many notices of a folder the message collects */
  collected?: number;
  /** The `deliveryId` of the line whose message was sent once more */
  resendOf?: string;
  /** Until when the message can be sent once more; absent where it can not */
  resendableUntil?: string;
  /** `sent`: the number of the message in the chat */
  messageId?: number;
  /** `sent`: the message of the order that was in the chat was changed, and none was sent; no phone rang */
  edited?: true;
  /** Which message of a series it is, or would have been; absent: of none */
  step?: number;
  /** When the message was taken back from the chat, since its cart was ordered or recovered; absent: it was not */
  takenBackAt?: string;
  /** `edited`: a neutral text stands in the place of the message, since Telegram deletes it no longer; absent: it was deleted */
  takenBackAs?: 'edited';
  /** How often its links to the shop were opened; absent where they are not counted */
  clicks?: number;
  /** When one of them was opened first */
  clickedAt?: string;
  /** The name that the person has now; absent where none is known */
  userName?: string;
  /** The name that the template has now; absent where it is gone */
  templateName?: string;
  /** What happened, and what the merchant can do */
  message: Words;
};

/** A draft to send as a test, and to whom */
export type DraftTestBody = {
  /** Passweb's id of the user who gets the test */
  userId: string;
  /** The language that the person reads, as BCP 47 tag */
  language?: Language;
  /** Not read: a template may be sent as it was shown */
  id?: string;
  /** Not read: a template may be sent as it was shown */
  name?: string;
  /** Whether it sends */
  enabled?: boolean;
  /** The kind of event */
  event:
    | 'order-status'
    | 'abandoned-cart'
    | 'message-sent'
    | 'message-read'
    | 'activity-status'
    | 'activity-viewed'
    | 'activity-reminder'
    | 'file-upload'
    | 'file-download'
    | 'file-view'
    | 'welcome';
  /** `order-status`: the order statuses that it manages, compared without case */
  statuses?: string[];
  /** The names of user groups of the shop */
  groups?: string[];
  /** Which recipients get it; absent: all */
  audience?: 'everybody' | 'creator' | 'recipients';
  /** The text */
  text: LocalizedTexts;
  /** The button below the message */
  button?: LocalizedTexts;
  /** The colour of the first button: blue, green or red; absent: as Telegram shows a button */
  buttonStyle?: 'primary' | 'success' | 'danger';
  /** The text of a second button by language */
  secondButton?: LocalizedTexts;
  /** Where the second button leads; absent: to the link of the event */
  secondButtonUrl?: string;
  /** `order-status`: the text of the button that copies the tracking code, by language */
  trackingButton?: LocalizedTexts;
  /** `order-status`: an order has one message in a chat, which is changed with its status; absent: each status has a message of its own */
  card?: {
    /** The statuses, of those of the template, for which a new message with a sound takes the place of the former one, which is deleted as far as Telegram allows it (48 hours). The first message of an order rings in any case */
    newMessageFor?: string[];
  };
  /** `order-status`: the articles are a table with pictures, where Telegram takes it */
  rich?: boolean;
  /** Files: for how many minutes the notices of a folder are collected into one message */
  digestMinutes?: number;
  /** `abandoned-cart`: which message about a cart it is. 1, or absent: the first. 2 and 3 are advertising, sent only where the site has a `cartSeries` with that step, and the person has consented */
  step?: number;
  /** `abandoned-cart`, `step` 2 or 3: the code of a coupon, which the text may write and a button copies */
  couponCode?: string;
  /** `abandoned-cart`, `step` 2 or 3: the text of the button that copies the coupon, by language */
  couponButton?: LocalizedTexts;
  /** When it was made */
  createdAt?: string;
  /** What can be saved, but may read badly */
  warnings?: unknown[];
  /** Values of the placeholders; `null`: there is none */
  values?: {
    /** The first name of the person who gets the message */
    nome?: string | null;
    /** Their last name, or the name of their company */
    cognome?: string | null;
    /** Both */
    nominativo?: string | null;
    /** The address of the shop */
    urlSito?: string | null;
    /** The name of the shop */
    nomeSito?: string | null;
    /** How many articles the order has */
    numeroArticoli?: number | null;
    /** The number of the order */
    siglaDocumento?: string | null;
    /** The status of the order */
    statoDocumento?: string | null;
    /** The total of the order */
    totaleOrdine?: Money | null;
    /** The articles of the order, each in a line */
    elencoArticoli?: string | null;
    /** The tracking code of the shipment */
    codiceTracking?: string | null;
    /** How many articles the cart has */
    numeroArticoliCarrello?: number | null;
    /** The total of the cart */
    totaleCarrello?: Money | null;
    /** The code of the coupon of the template */
    codiceCoupon?: string | null;
    /** The subject of the message */
    oggettoMessaggio?: string | null;
    /** The text of the message */
    testoMessaggio?: string | null;
    /** The date of the activity */
    dataAttivita?: string | null;
    /** The subject of the activity */
    oggettoAttivita?: string | null;
    /** The former status of the activity */
    vecchioStato?: string | null;
    /** The new status of the activity */
    nuovoStato?: string | null;
    /** The name of the folder */
    nomeCartella?: string | null;
    /** The name of the file */
    nomeFile?: string | null;
    /** How many documents there are */
    numeroFile?: number | null;
    /** The names of the documents, each in a line */
    elencoFile?: string | null;
    /** What happened to the documents, in a sentence */
    riepilogoFile?: string | null;
    /** Who acted: the sender, reader, viewer, uploader or downloader */
    autore?: string | null;
  };
  /** Where the button leads */
  url?: string;
};

/** What was erased */
export type Erased = {
  /** Passweb's id of the user */
  userId: string;
  /** How many rows were erased, by the table they were in */
  erased: {
    /** Rows about the user and their chats */
    users: number;
    /** Links and logins */
    links: number;
    /** Carts and reminders to come, and what is remembered of them */
    scheduled: number;
    /** Messages that waited */
    waiting: number;
    /** What the webhook of the site was still to be told of the person */
    outgoing: number;
    /** Lines of the log */
    deliveries: number;
  };
};

/** The event was accepted */
export type EventAccepted = {
  /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
  eventId: string;
  /** What becomes of each recipient: one entry for each template that applies, or one with the reason why none */
  notifications: NotificationOutcome[];
  /** Only where the event was reported before: nothing was done again */
  repeated?: true;
};

/** One wrong place of a request */
export type FieldError = {
  /** JSON Pointer; empty for the whole body */
  pointer: string;
  /** What is wrong there, for programs; `invalid` where nothing more is to be said */
  code:
    | 'address-not-public'
    | 'cannot-receive'
    | 'changed-meanwhile'
    | 'characters-lost'
    | 'invalid'
    | 'language-missing'
    | 'login-expired'
    | 'login-not-signed'
    | 'not-one-of-these'
    | 'out-of-range'
    | 'overlaps-another'
    | 'platform-only'
    | 'refused-by-telegram'
    | 'repeated-parameter'
    | 'required'
    | 'site-only'
    | 'step-not-set'
    | 'token-of-another-bot'
    | 'token-refused'
    | 'too-many-enabled'
    | 'unknown-parameter'
    | 'unknown-person'
    | 'unknown-placeholder'
    | 'unknown-property'
    | 'value-may-be-missing'
    | 'wrong-length'
    | 'wrong-type';
  /** In the language of the answer */
  detail: string;
};

/** A file was downloaded or previewed */
export type FileAccessEvent = {
  /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
  eventId: string;
  /** When it happened; absent: when it is reported */
  occurredAt?: OccurredAt;
  /** The file */
  file: {
    /** Its name, as people know it */
    name: string;
    url?: Link;
  };
  /** The folder in Documents */
  folder: {
    /** Its name */
    name: string;
  };
  /** Whether it was downloaded or only looked at */
  access: 'download' | 'view';
  /** Who opened it */
  accessedBy: Person;
  /** Who is told: the administrators of the folder */
  administrators: Recipient[];
};

/** A file was uploaded, or Docuvision found new documents */
export type FileUploadDocuvision = {
  /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
  eventId: string;
  /** When it happened; absent: when it is reported */
  occurredAt?: OccurredAt;
  /** The documents, in the order in which the message names them */
  files: {
    /** Its name, as people know it */
    name: string;
    url?: Link;
    /** What has happened to it */
    change?: 'new-document' | 'new-page' | 'changed-page' | 'new-revision';
  }[];
  /** The folder in Documents */
  folder: {
    /** Its name */
    name: string;
  };
  /** The documents are from the back office */
  source: 'docuvision';
  /** Who uploaded it */
  uploadedBy?: Person;
  /** Who is told: the administrators of the folder */
  administrators: Recipient[];
};

/** A file was uploaded, or Docuvision found new documents */
export type FileUploadEvent = FileUploadOneFile | FileUploadDocuvision;

/** A file was uploaded, or Docuvision found new documents */
export type FileUploadOneFile = {
  /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
  eventId: string;
  /** When it happened; absent: when it is reported */
  occurredAt?: OccurredAt;
  /** The file */
  file: {
    /** Its name, as people know it */
    name: string;
    url?: Link;
  };
  /** The folder in Documents */
  folder: {
    /** Its name */
    name: string;
  };
  /** Who uploaded it: a person, or the back office; `manual` without it */
  source?: 'manual' | 'docuvision';
  /** Who uploaded it */
  uploadedBy: Person;
  /** Who is told: the administrators of the folder */
  administrators: Recipient[];
};

/** The answer of the server in front of this API: treat it by its status */
export type GatewayMessage = {
  /** The message in the reserved area */
  message: string;
};

/** What became of each row */
export type ImportAnswer = {
  /** One for each row, in their order */
  results: {
    /** Passweb's id of the user */
    userId?: string;
    /** What became of the row */
    status: 'imported' | 'unchanged' | 'refused';
    /** Why it was refused, for programs */
    reason?: 'invalid' | 'renamed' | 'id-used-again' | 'unlinked' | 'too-many-chats' | 'too-many-users';
    /** The same in a sentence, with what to do */
    detail?: string;
    /** Every wrong place */
    errors?: FieldError[];
  }[];
  /** How many rows each of these became */
  counts: {
    /** Rows that added something */
    imported: number;
    /** Rows that were there already */
    unchanged: number;
    /** Rows that were refused */
    refused: number;
  };
};

/** People who have linked Telegram elsewhere, with the same bot */
export type ImportBody = {
  /** The bot that the chats are with: the digits before the ":" of its token */
  botId: string;
  /** The people, one row for each chat */
  users: {
    /** Passweb's id of the user */
    userId: string;
    /** The number of the chat at Telegram, up to 52 bits */
    chatId: number;
    /** The first name; companies have none */
    firstName?: string;
    /** The last name; companies have none */
    lastName?: string;
    /** The name of the company */
    companyName?: string;
    /** The language that the person reads, as BCP 47 tag */
    language?: Language;
    /** Whether the user wants nothing from the bot */
    optedOut?: boolean;
    /** The kinds of event that the user does not want */
    mutedEvents?: (
      | 'order-status'
      | 'abandoned-cart'
      | 'message-sent'
      | 'message-read'
      | 'activity-status'
      | 'activity-viewed'
      | 'activity-reminder'
      | 'file-upload'
      | 'file-access'
      | 'staff-new-order'
      | 'staff-failures'
      | 'staff-bot-refused'
      | 'staff-module-off'
    )[];
    /** Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none */
    marketingConsent?: MarketingConsent;
  }[];
};

/** ISO 8601, a date and time with offset: `2026-11-22T15:30:00+01:00`, `2026-11-22T14:30Z`, `2026-11-22T15:30+01` */
export type Instant = string;

/** What the new key is for */
export type KeyBody = {
  /** What the key is for, as the platform calls it */
  name?: string;
};

/** The keys of a site that are valid */
export type Keys = {
  /** One or two, the oldest first */
  keys: {
    /** The first 8 hexadecimal digits of the SHA-256 of the key */
    keyId: string;
    /** What the key is for, as the platform calls it */
    name?: string;
  }[];
};

/** BCP 47 tag of a real language, such as `it` or `en-GB`, as people and programs write it: `it_IT` is read as `it-IT` */
export type Language = string;

/** A date and time with offset, or a whole day such as `2026-11-22`, in a year from 2000 to 2099 */
export type LastDate = Instant | string;

/** An `https` link on the site's own host or a subdomain of it (`http` too for a site whose own address is `http`) */
export type Link = string;

/** Who the link is for, and how long it is valid; all of it may be left out. Names are sent all together: if there is one, those that were known are replaced, also by nothing */
export type LinkBody = {
  /** The first name; companies have none */
  firstName?: string;
  /** The last name; companies have none */
  lastName?: string;
  /** The name of the company */
  companyName?: string;
  /** The language that the person reads, as BCP 47 tag */
  language?: Language;
  /** The names of user groups of the shop */
  groups?: string[];
  /** Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none */
  marketingConsent?: MarketingConsent;
  /** How many hours the link is valid; 24 without it */
  expiresInHours?: number;
};

/** A link with which a user links Telegram */
export type LinkToken = {
  /** The link, which opens the bot in Telegram; it works once */
  url: string;
  /** The secret part of the link */
  token: string;
  /** To copy and send to the bot, where `url` opens it without the token */
  startCommand: string;
  /** Until when the link is valid */
  expiresAt: string;
  /** The QR code of `url`, as SVG */
  qr: string;
};

/** A person in the list */
export type ListedPerson = {
  /** Passweb's id of the user */
  userId: string;
  /** Whether the person can be reached, and if not, why */
  state: 'linked' | 'pending' | 'not-linked' | 'opted-out' | 'unreachable';
  /** Since when they are in this state, where that is known */
  since?: string;
  /** The first name; companies have none */
  firstName?: string;
  /** The last name; companies have none */
  lastName?: string;
  /** The name of the company */
  companyName?: string;
  /** The language that the person reads, as BCP 47 tag */
  language?: string;
  /** How many chats they have */
  chats: number;
  /** Who said so */
  optedOutBy?: 'person' | 'shop';
  /** Where it was said */
  optedOutIn?: 'bot' | 'site' | 'import';
  /** Of somebody who is pending: when their last open link expires */
  expiresAt?: string;
};

/** Texts by the BCP 47 tag of their language; each at most 32768 bytes of UTF-8 */
export type LocalizedTexts = { [name: string]: string };

/** Texts by the BCP 47 tag of their language; `null` removes one */
export type LocalizedTextsPatch = { [name: string]: string | null };

/** All fields that the widget gave, and no others */
export type LoginWidgetBody = {
  /** The number of the account at Telegram */
  id: string | number;
  /** When the person logged in: seconds since 1970 */
  auth_date: string | number;
  /** Telegram's signature of all other fields: hexadecimal HMAC-SHA-256 */
  hash: string;
  /** The names of user groups of the shop */
  groups?: string[];
  [name: string]: unknown;
};

/** How far the way to a bot without @BotFather has come */
export type ManagedBot = {
  /** Which step is next, or how it has ended; `none` before it has begun */
  state: 'none' | 'waiting-for-person' | 'waiting-for-bot' | 'setting-up' | 'done' | 'failed';
  /** Where a person opens the manager bot: whoever does so first makes the bot */
  url?: string;
  /** The same as an SVG picture of a QR code */
  qr?: string;
  /** Where this person confirms the new bot, with the suggested names */
  newBotUrl?: string;
  /** The same as an SVG picture of a QR code */
  newBotQr?: string;
  /** When the present step is over */
  expiresAt?: string;
  /** The username that Telegram suggests to the person, who may change it */
  suggestedUsername?: string;
  /** Who has opened the link, by the name at Telegram */
  person?: {
    /** The name of the account at Telegram */
    name: string;
  };
  /** What this person has made */
  bot?: {
    /** The number of the bot at Telegram, as text: the digits before the ":" of its token */
    id: string;
    /** The username of the bot, without @ */
    username: string;
  };
  /** With `failed`: why, and what to do. With `setting-up`: why it goes on later, by itself */
  problem?: {
    /** What is wrong, for programs */
    code: string;
    /** The same in a few words */
    title: string;
    /** The same in sentences, with what to do */
    detail: string;
  };
};

/** What is suggested to the person who makes the bot */
export type ManagedBotBody = {
  /** Suggested to the person who makes the bot, who may change it; otherwise made from the name of the site */
  username?: string;
  /** The same; otherwise the name of the site */
  name?: string;
  /** Whether the bot that the site has may be replaced: everybody who is linked then has to start the new one */
  replace?: boolean;
};

/** Whether a person wants advertising. What was said last, by `at`, holds */
export type MarketingConsent = {
  /** Whether they want it; `false`: they have withdrawn it */
  given: boolean;
  /** When the person said so: of two statements the later one holds. A time in the future counts as now */
  at: ConsentedAt;
  /** Where they said it, such as the page or the form; `bot`: in the bot */
  source: string;
};

/** A recipient read a message */
export type MessageReadEvent = {
  /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
  eventId: string;
  /** When it happened; absent: when it is reported */
  occurredAt?: OccurredAt;
  /** The message in the reserved area */
  message: {
    /** The id of the message */
    id: string;
    /** Its subject */
    subject: string;
    /** What it says */
    text?: string;
    /** Whether the text is HTML; without it, text */
    format?: 'html' | 'text';
    url?: Link;
  };
  /** Who has read it */
  reader: Person;
  /** Who wrote the message */
  sender: Recipient;
};

/** A message was written in the reserved area */
export type MessageSentEvent = {
  /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
  eventId: string;
  /** When it happened; absent: when it is reported */
  occurredAt?: OccurredAt;
  /** The message in the reserved area */
  message: {
    /** The id of the message */
    id: string;
    /** Its subject */
    subject: string;
    /** What it says */
    text?: string;
    /** Whether the text is HTML; without it, text */
    format?: 'html' | 'text';
    url?: Link;
  };
  /** Who wrote the message */
  sender: Person;
  /** Who is told */
  recipients: Recipient[];
};

/** With the key of the platform: `moduleActive` alone */
export type ModulePatch = {
  /** Whether the shop has bought the Telegram module; only the platform can change it */
  moduleActive: boolean;
};

/** An amount of money, in one currency */
export type Money = {
  /** A decimal number as text, such as `149.90`: so it is never rounded */
  amount: string;
  /** ISO 4217, such as `EUR` */
  currency: string;
};

/** A new key of a site */
export type NewKey = {
  /** The key, shown this once: only its hash is kept */
  siteKey: string;
  /** The first 8 hexadecimal digits of the SHA-256 of the key */
  keyId: string;
};

/** A site that was just created, with its first key */
export type NewSite = {
  /** The id of the shop, as in its paths */
  siteId: string;
  /** The name of the shop, as its customers read it */
  name: string;
  /** The address of the shop; links in messages lead there */
  url: string;
  /** Whether the shop has bought the Telegram module; only the platform can change it */
  moduleActive: boolean;
  /** Whether the merchant has the integration switched on; off, nothing is sent and everything is kept */
  active: boolean;
  /** The languages of the shop, as BCP 47 tags; every template has a text in each */
  languages: string[];
  /** One of `languages`: that of a person of whom no language is known */
  defaultLanguage: string;
  /** IANA name, such as `Europe/Rome`: dates are shown in it */
  timeZone: string;
  /** When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours */
  quietHours?: {
    /** When they begin: `HH:MM` */
    from: string;
    /** When they end: `HH:MM`; before `from`, it is the next day */
    to: string;
    /** `silent`: messages go out without a sound. `after`: they wait until the quiet hours are over */
    mode: 'silent' | 'after';
  };
  /** How many hours after a cart was abandoned its user is told; fractions are allowed */
  abandonedCartHours: number;
  /** Further messages about an abandoned cart, which are advertising: only people get them of whom `marketingConsent` is given. Absent: one message, which needs no consent */
  cartSeries?: {
    /** The second message, and the third */
    steps: {
      /** How many hours after the cart was abandoned it is sent: later than the message before; fractions are allowed */
      afterHours: number;
    }[];
  };
  /** The user groups with "Gestione Telegram"; none named: no limit */
  telegramGroups: string[];
  /** Whether documents that the back office uploads notify */
  docuvision: boolean;
  /** Who works in the shop, and what they are told; absent: nobody */
  staff?: {
    /** Whom: a user of the site, by Passweb's id */
    userId: string;
    /** What they are told. `new-order`: an order is reported for the first time. `failures`: messages have failed, at most once an hour. `bot-refused`: Telegram takes the token of the bot again, which it refused. `module-off`: messages are switched off */
    notices: ('new-order' | 'failures' | 'bot-refused' | 'module-off')[];
  }[];
  /** How customers reach the merchant, as the bot tells them */
  merchantContact?: string;
  /** The https address of the shop's privacy notice */
  privacyUrl?: string;
  /** The text of the button of all order messages, by language; a template may have its own */
  orderButton?: { [name: string]: string };
  /** The text of the button of all cart messages, by language; a template may have its own */
  cartButton?: { [name: string]: string };
  /** Whether the links to the shop in its messages lead through `/c/…`, which counts who opens them; absent: they do not */
  countClicks?: boolean;
  /** How people are addressed in Italian: `tu`, or the formal `lei` */
  tone: 'tu' | 'lei';
  /** Addresses that the site had before, the latest first */
  formerUrls?: {
    /** An address that the site had before */
    url: string;
    /** Until when links of events may be on its host */
    until: string;
  }[];
  /** The bot of the shop; absent before one is saved */
  bot?: {
    /** The number of the bot at Telegram, as text: the digits before the ":" of its token */
    id: string;
    /** The username of the bot, without @ */
    username: string;
    /** Whether it was made with the manager bot, which can give it another token */
    managed?: true;
    /** Why nothing can be sent with the bot now; absent while all is well */
    problem?: {
      /** What is wrong, for programs */
      kind: string;
      /** Since when */
      since: string;
      /** The same in the words of Telegram, or in ours */
      description: string;
    };
  };
  /** The bot with which the site can get one without @BotFather; absent where the deployment has none */
  managerBot?: {
    /** Its username, without @ */
    username: string;
  };
  /** The key, shown this once: only its hash is kept */
  siteKey: string;
  /** The first 8 hexadecimal digits of the SHA-256 of the key */
  keyId: string;
};

/** What becomes of one recipient */
export type NotificationOutcome = {
  /** Passweb's id of the user */
  userId: string;
  /** The id of the template */
  templateId?: string;
  /** `queued`: on its way; `scheduled`: sent when it is due; `skipped`: nothing is sent */
  status: 'queued' | 'scheduled' | 'skipped';
  /** `skipped`: why */
  reason?:
    | 'not-linked'
    | 'opted-out'
    | 'muted'
    | 'unreachable'
    | 'no-template'
    | 'status-not-managed'
    | 'group-not-included'
    | 'sender-group-not-enabled'
    | 'agent-cart'
    | 'docuvision-disabled'
    | 'superseded'
    | 'past'
    | 'no-marketing-consent'
    | 'erased';
  /** The id of the delivery: the same for the same message, however often its event is reported */
  deliveryId?: string;
  /** When it is due */
  dueAt?: string;
};

/** A date and time with offset, in a year from 2000 to 2099 */
export type OccurredAt = Instant;

/** An order entered a status */
export type OrderStatusEvent = {
  /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
  eventId: string;
  /** When it happened; absent: when it is reported */
  occurredAt?: OccurredAt;
  /** The language of the session in which it happened */
  language?: Language;
  /** The order */
  order: {
    /** The id of the order in the shop */
    id: string;
    /** The number of the order, as the customer reads it */
    reference: string;
    /** The status that it has now, in the words of the shop; compared without case */
    status: string;
    /** How many articles, without lines of expenses; may be a fraction, such as kilos */
    itemCount: number;
    /** What it costs */
    total: Money;
    url: Link;
    /** The articles of the order, without lines of expenses */
    lines?: {
      /** What the article is called */
      name: string;
      /** How many; may be a fraction, such as kilos */
      quantity: number;
      /** The total of the line */
      total?: Money;
      /** A picture of the article, on the own host of the shop; texts do not show it, a table of the articles does */
      imageUrl?: Link;
    }[];
    /** How the shipment is followed; absent: it is not known yet */
    tracking?: {
      /** The code, which a button of the message may copy */
      code: string;
    };
  };
  /** Whose order it is */
  holder: Recipient;
  /** The cart that the order was made from: it is abandoned no longer */
  cartId?: string;
};

/** The quiet hours of a person, or `off` */
export type OwnQuietHours = {
  /** When they begin: `HH:MM`; not with `off` */
  from?: string;
  /** When they end: `HH:MM`; before `from`, it is the next day; not with `off` */
  to?: string;
  /** `silent`: messages go out without a sound. `after`: they wait until the quiet hours are over. `off`: none, also where the site has some */
  mode: 'silent' | 'after' | 'off';
};

/** A page of the people of a site */
export type People = {
  /** The people, by their names or ids */
  users: ListedPerson[];
  /** Where the list goes on; absent on the last page. A page may have fewer people than asked for */
  cursor?: string;
  /** How many people of the site are in each state, whatever is asked for */
  counts: {
    /** Whether the bot can write to one of the chats */
    linked: number;
    /** How many have been given a link that has not expired */
    pending: number;
    /** How many have never linked Telegram, or do not any more */
    'not-linked': number;
    /** How many want no messages */
    'opted-out': number;
    /** How many Telegram can not reach */
    unreachable: number;
  };
  /** The list is just being made, or many people have changed at once: some may be missing, and counts be wrong. Ask again in a minute */
  updating?: boolean;
};

/** Whoever acts in an event */
export type Person = {
  /** Passweb's id of the person */
  id: string;
  /** The first name; companies have none */
  firstName?: string;
  /** The last name; companies have none */
  lastName?: string;
  /** The name of the company */
  companyName?: string;
  /** The names of user groups of the shop */
  groups?: string[];
};

/** The kinds of templates, and what may stand in them */
export type Placeholders = {
  /** The kinds of templates */
  kinds: {
    /** What the person is to the shop */
    kind:
      | 'order-status'
      | 'abandoned-cart'
      | 'message-sent'
      | 'message-read'
      | 'activity-status'
      | 'activity-viewed'
      | 'activity-reminder'
      | 'file-upload'
      | 'file-download'
      | 'file-view'
      | 'welcome';
    /** The kind of event */
    event: string;
    /** What the kind is called */
    name: {
      /** In Italian */
      it: string;
      /** In English */
      en: string;
    };
    /** When it is sent, and to whom */
    description: {
      /** In Italian */
      it: string;
      /** In English */
      en: string;
    };
    /** Whether its templates name order statuses */
    hasStatuses: boolean;
    /** Whether its messages have a button */
    hasButton: boolean;
    /** The keys of its placeholders */
    placeholders: string[];
  }[];
  /** The placeholders, each once */
  placeholders: {
    /** What stands between the braces */
    key: string;
    /** What the placeholder is called */
    name: {
      /** In Italian */
      it: string;
      /** In English */
      en: string;
    };
    /** What it stands for */
    description: {
      /** In Italian */
      it: string;
      /** In English */
      en: string;
    };
    /** Whether the text is HTML; without it, text */
    format: 'text' | 'count' | 'money' | 'date';
    /** A value as people read it */
    example: {
      /** In Italian */
      it: string;
      /** In English */
      en: string;
    };
    /** Whether some people or events have no value */
    mayBeMissing: boolean;
    /** The kinds of templates that have it */
    kinds: (
      | 'order-status'
      | 'abandoned-cart'
      | 'message-sent'
      | 'message-read'
      | 'activity-status'
      | 'activity-viewed'
      | 'activity-reminder'
      | 'file-upload'
      | 'file-download'
      | 'file-view'
      | 'welcome'
    )[];
  }[];
};

/** A draft of a template, and what its placeholders stand for */
export type PreviewBody = {
  /** Not read: a template may be sent as it was shown */
  id?: string;
  /** Not read: a template may be sent as it was shown */
  name?: string;
  /** Not read: a template may be sent as it was shown */
  enabled?: boolean;
  /** The kind of event that it is for */
  event:
    | 'order-status'
    | 'abandoned-cart'
    | 'message-sent'
    | 'message-read'
    | 'activity-status'
    | 'activity-viewed'
    | 'activity-reminder'
    | 'file-upload'
    | 'file-download'
    | 'file-view'
    | 'welcome';
  /** `order-status`: the order statuses that it manages, compared without case */
  statuses?: string[];
  /** The names of user groups of the shop */
  groups?: string[];
  /** Which recipients get it; absent: all */
  audience?: 'everybody' | 'creator' | 'recipients';
  /** The text by language: Mustache and Telegram's HTML */
  text: LocalizedTexts;
  /** The text of the button by language */
  button?: LocalizedTexts;
  /** The colour of the first button: blue, green or red; absent: as Telegram shows a button */
  buttonStyle?: 'primary' | 'success' | 'danger';
  /** The text of a second button by language */
  secondButton?: LocalizedTexts;
  /** Where the second button leads; absent: to the link of the event */
  secondButtonUrl?: string;
  /** `order-status`: the text of the button that copies the tracking code, by language */
  trackingButton?: LocalizedTexts;
  /** `order-status`: an order has one message in a chat, which is changed with its status; absent: each status has a message of its own */
  card?: {
    /** The statuses, of those of the template, for which a new message with a sound takes the place of the former one, which is deleted as far as Telegram allows it (48 hours). The first message of an order rings in any case */
    newMessageFor?: string[];
  };
  /** `order-status`: the articles are a table with pictures, where Telegram takes it */
  rich?: boolean;
  /** Files: for how many minutes the notices of a folder are collected into one message */
  digestMinutes?: number;
  /** `abandoned-cart`: which message about a cart it is. 1, or absent: the first. 2 and 3 are advertising, sent only where the site has a `cartSeries` with that step, and the person has consented */
  step?: number;
  /** `abandoned-cart`, `step` 2 or 3: the code of a coupon, which the text may write and a button copies */
  couponCode?: string;
  /** `abandoned-cart`, `step` 2 or 3: the text of the button that copies the coupon, by language */
  couponButton?: LocalizedTexts;
  /** Not read: a template may be sent as it was shown */
  createdAt?: string;
  /** Not read: an answer may be sent back as it came */
  warnings?: unknown[];
  /** Values of the placeholders; `null`: there is none */
  values?: {
    /** The first name of the person who gets the message */
    nome?: string | null;
    /** Their last name, or the name of their company */
    cognome?: string | null;
    /** Both */
    nominativo?: string | null;
    /** The address of the shop */
    urlSito?: string | null;
    /** The name of the shop */
    nomeSito?: string | null;
    /** How many articles the order has */
    numeroArticoli?: number | null;
    /** The number of the order */
    siglaDocumento?: string | null;
    /** The status of the order */
    statoDocumento?: string | null;
    /** The total of the order */
    totaleOrdine?: Money | null;
    /** The articles of the order, each in a line */
    elencoArticoli?: string | null;
    /** The tracking code of the shipment */
    codiceTracking?: string | null;
    /** How many articles the cart has */
    numeroArticoliCarrello?: number | null;
    /** The total of the cart */
    totaleCarrello?: Money | null;
    /** The code of the coupon of the template */
    codiceCoupon?: string | null;
    /** The subject of the message */
    oggettoMessaggio?: string | null;
    /** The text of the message */
    testoMessaggio?: string | null;
    /** The date of the activity */
    dataAttivita?: string | null;
    /** The subject of the activity */
    oggettoAttivita?: string | null;
    /** The former status of the activity */
    vecchioStato?: string | null;
    /** The new status of the activity */
    nuovoStato?: string | null;
    /** The name of the folder */
    nomeCartella?: string | null;
    /** The name of the file */
    nomeFile?: string | null;
    /** How many documents there are */
    numeroFile?: number | null;
    /** The names of the documents, each in a line */
    elencoFile?: string | null;
    /** What happened to the documents, in a sentence */
    riepilogoFile?: string | null;
    /** Who acted: the sender, reader, viewer, uploader or downloader */
    autore?: string | null;
  };
  /** Where the button leads */
  url?: string;
};

/** A draft as people would read it */
export type Previews = {
  /** The kind of event */
  event:
    | 'order-status'
    | 'abandoned-cart'
    | 'message-sent'
    | 'message-read'
    | 'activity-status'
    | 'activity-viewed'
    | 'activity-reminder'
    | 'file-upload'
    | 'file-download'
    | 'file-view'
    | 'welcome';
  /** What can be saved, but may read badly */
  warnings?: FieldError[];
  /** Values of the placeholders; `null`: there is none */
  values: {
    /** The first name of the person who gets the message */
    nome?: string;
    /** Their last name, or the name of their company */
    cognome?: string;
    /** Both */
    nominativo?: string;
    /** The address of the shop */
    urlSito?: string;
    /** The name of the shop */
    nomeSito?: string;
    /** How many articles the order has */
    numeroArticoli?: number;
    /** The number of the order */
    siglaDocumento?: string;
    /** The status of the order */
    statoDocumento?: string;
    /** The total of the order */
    totaleOrdine?: Money;
    /** The articles of the order, each in a line */
    elencoArticoli?: string;
    /** The tracking code of the shipment */
    codiceTracking?: string;
    /** How many articles the cart has */
    numeroArticoliCarrello?: number;
    /** The total of the cart */
    totaleCarrello?: Money;
    /** The code of the coupon of the template */
    codiceCoupon?: string;
    /** The subject of the message */
    oggettoMessaggio?: string;
    /** The text of the message */
    testoMessaggio?: string;
    /** The date of the activity */
    dataAttivita?: string;
    /** The subject of the activity */
    oggettoAttivita?: string;
    /** The former status of the activity */
    vecchioStato?: string;
    /** The new status of the activity */
    nuovoStato?: string;
    /** The name of the folder */
    nomeCartella?: string;
    /** The name of the file */
    nomeFile?: string;
    /** How many documents there are */
    numeroFile?: number;
    /** The names of the documents, each in a line */
    elencoFile?: string;
    /** What happened to the documents, in a sentence */
    riepilogoFile?: string;
    /** Who acted: the sender, reader, viewer, uploader or downloader */
    autore?: string;
  };
  /** The message by language of the shop */
  previews: {
    [name: string]: {
      /** Which text of the template it is */
      textLanguage: string;
      /** The message in Telegram's HTML */
      html: string;
      /** The message without markup */
      text: string;
      /** What is marked up, as Telegram's MessageEntity */
      entities: {
        /** The kind of markup */
        type: string;
        /** Where it begins, in UTF-16 code units */
        offset: number;
        /** How long it is, in UTF-16 code units */
        length: number;
        /** `text_link`: where it leads */
        url?: string;
        /** `pre`: the programming language */
        language?: string;
        /** `text_mention`: the number of the account */
        user_id?: number;
        /** `custom_emoji`: its id */
        custom_emoji_id?: string;
        /** `date_time`: seconds since 1970 */
        unix_time?: number;
        /** `date_time`: how it is shown */
        date_time_format?: string;
      }[];
      /** How long the text is, in UTF-16 code units */
      length: number;
      /** How long it may be, in the same units */
      maxLength: number;
      /** Whether values were cut to keep to it */
      shortened: boolean;
      /** The button below the message */
      button?: {
        /** What the button says */
        text: string;
        /** Where it leads */
        url: string;
        /** Its colour; absent: as Telegram shows a button */
        style?: 'primary' | 'success' | 'danger';
      };
      /** The buttons below the first one */
      moreButtons?: (
        | {
            /** What the button says */
            text: string;
            /** Where it leads */
            url: string;
            /** Its colour; absent: as Telegram shows a button */
            style?: 'primary' | 'success' | 'danger';
          }
        | {
            /** What the button says */
            text: string;
            /** What one touch copies */
            copyText: string;
          }
      )[];
    };
  };
};

/** What went wrong (RFC 9457) */
export type Problem = {
  /** Always `about:blank` (RFC 9457, section 4.2.1): `code` says more */
  type: string;
  /** The status of the answer */
  status: number;
  /** In the language of the answer, as `detail` is: see `Content-Language` */
  title: string;
  /** What went wrong, for programs: always the same. More may come */
  code:
    | 'body-missing'
    | 'body-not-utf8'
    | 'invalid-body'
    | 'invalid-path-id'
    | 'invalid-query'
    | 'not-json'
    | 'unreadable-etag'
    | 'session-ended'
    | 'wrong-console-link'
    | 'wrong-key'
    | 'wrong-platform-key'
    | 'wrong-telegram-secret'
    | 'foreign-origin'
    | 'module-not-active'
    | 'site-switched-off'
    | 'no-manager-bot'
    | 'no-such-path'
    | 'no-webhook'
    | 'no-such-version'
    | 'unknown-delivery'
    | 'unknown-key'
    | 'unknown-link'
    | 'unknown-site'
    | 'unknown-template'
    | 'unknown-user'
    | 'method-not-allowed'
    | 'not-acceptable'
    | 'bot-being-saved'
    | 'bot-of-another-site'
    | 'bot-saved-meanwhile'
    | 'bot-taken-over'
    | 'chats-of-another-bot'
    | 'delivery-not-finished'
    | 'empty-message'
    | 'event-id-reused'
    | 'in-digest'
    | 'last-key'
    | 'link-ended'
    | 'linked-later'
    | 'login-used'
    | 'muted'
    | 'never-rendered'
    | 'no-bot'
    | 'no-default'
    | 'no-marketing-consent'
    | 'no-room-for-templates'
    | 'not-linked'
    | 'not-managed-bot'
    | 'opted-out'
    | 'opted-out-by-person'
    | 'past'
    | 'site-being-erased'
    | 'site-has-bot'
    | 'superseded'
    | 'template-id-taken'
    | 'test-message'
    | 'too-many-chats'
    | 'too-many-enabled'
    | 'too-many-resends'
    | 'too-many-templates'
    | 'too-many-users'
    | 'two-keys'
    | 'unreachable'
    | 'user-id-taken'
    | 'webhook-of-another-program'
    | 'content-gone'
    | 'changed-meanwhile'
    | 'foreign-etag'
    | 'must-be-new'
    | 'must-exist'
    | 'nothing-tagged'
    | 'still-that-version'
    | 'weak-etag'
    | 'body-too-large'
    | 'body-encoded'
    | 'too-many-attempts'
    | 'too-many-requests'
    | 'too-many-waiting'
    | 'internal-error'
    | 'bot-setup-refused'
    | 'service-unavailable'
    | 'telegram-unreachable';
  /** What is wrong, and what to do: one or more sentences */
  detail: string;
  /** Every wrong place */
  errors?: FieldError[];
};

/** The hours in which no phone rings */
export type QuietHours = {
  /** When they begin: `HH:MM` */
  from: string;
  /** When they end: `HH:MM`; before `from`, it is the next day */
  to: string;
  /** `silent`: messages go out without a sound. `after`: they wait until the quiet hours are over */
  mode: 'silent' | 'after';
};

/** Whoever a notification is for. Send all names that you have of a person, each time: if there is one, those that were known are replaced, also by nothing */
export type Recipient = {
  /** Passweb's id of the person */
  id: string;
  /** The first name; companies have none */
  firstName?: string;
  /** The last name; companies have none */
  lastName?: string;
  /** The name of the company */
  companyName?: string;
  /** The user groups of the shop they are in */
  groups?: string[];
  /** BCP 47 */
  language?: Language;
  /** What the person is to the shop */
  kind?: 'customer' | 'reserved-area' | 'agent' | 'administrator';
};

/** The other id */
export type RenameBody = {
  /** The id that the user has from now on */
  userId: string;
};

/** The message is on its way once more */
export type Resent = {
  /** Of the new line in the log */
  deliveryId: string;
  /** Of the line whose message it is */
  resendOf: string;
  /** Passweb's id of the user */
  userId: string;
  /** It is on its way */
  status: 'queued';
  /** It is on its way already, or was sent within the last minute: nothing was added */
  repeated?: true;
};

/** A `version` that `GET …/versions` names, or the `default` that a new site has */
export type RestoreBody =
  | {
      /** The number of the version */
      version: number;
    }
  | {
      /** The text that a new site has */
      default: true;
    };

/** A template that was just saved */
export type SavedTemplate = {
  /** The id of the template */
  id: string;
  /** The merchant's name for the template */
  name: string;
  /** The kind of event that it is for */
  event:
    | 'order-status'
    | 'abandoned-cart'
    | 'message-sent'
    | 'message-read'
    | 'activity-status'
    | 'activity-viewed'
    | 'activity-reminder'
    | 'file-upload'
    | 'file-download'
    | 'file-view'
    | 'welcome';
  /** Whether it sends */
  enabled: boolean;
  /** `order-status`: the order statuses that it manages, compared without case */
  statuses?: string[];
  /** The user groups that receive it; absent: every user */
  groups?: string[];
  /** Which recipients get it; absent: all */
  audience?: 'everybody' | 'creator' | 'recipients';
  /** The text by language: Mustache and Telegram's HTML */
  text: { [name: string]: string };
  /** The text of the button by language; absent: a default one */
  button?: { [name: string]: string };
  /** The colour of the first button: blue, green or red; absent: as Telegram shows a button */
  buttonStyle?: 'primary' | 'success' | 'danger';
  /** The text of a second button by language */
  secondButton?: { [name: string]: string };
  /** Where the second button leads; absent: to the link of the event */
  secondButtonUrl?: string;
  /** `order-status`: the text of the button that copies the tracking code, by language */
  trackingButton?: { [name: string]: string };
  /** `order-status`: an order has one message in a chat, which is changed with its status; absent: each status has a message of its own */
  card?: {
    /** The statuses, of those of the template, for which a new message with a sound takes the place of the former one, which is deleted as far as Telegram allows it (48 hours). The first message of an order rings in any case */
    newMessageFor?: string[];
  };
  /** `order-status`: the articles are a table with pictures, where Telegram takes it */
  rich?: boolean;
  /** Files: for how many minutes the notices of a folder are collected into one message */
  digestMinutes?: number;
  /** `abandoned-cart`: which message about a cart it is. 1, or absent: the first. 2 and 3 are advertising, sent only where the site has a `cartSeries` with that step, and the person has consented */
  step?: number;
  /** `abandoned-cart`, `step` 2 or 3: the code of a coupon, which the text may write and a button copies */
  couponCode?: string;
  /** `abandoned-cart`, `step` 2 or 3: the text of the button that copies the coupon, by language */
  couponButton?: { [name: string]: string };
  /** When it was created; absent for the default templates */
  createdAt?: string;
  /** Texts that can be saved, but may read badly to people for whom a value is missing, each with how it then reads; and other enabled templates that send the same event to some of the same people. Absent if there are none */
  warnings?: FieldError[];
};

/** The webhook that was just saved */
export type SavedWebhook = {
  /** The address that is called */
  url: string;
  /** The kinds of what is told */
  events: (
    | 'user.linked'
    | 'user.opted-out'
    | 'user.unreachable'
    | 'user.returned'
    | 'delivery.sent'
    | 'delivery.failed'
    | 'delivery.skipped'
    | 'delivery.clicked'
    | 'bot.problem'
  )[];
  /** When it was made */
  createdAt: string;
  /** With which calls are signed, newest first: at most four, a fifth ends the oldest. What they are is never shown again */
  secrets: {
    /** When it was made */
    createdAt: string;
    /** Until when the secret signs, if no fourth one is made after it; absent: for as long as there is no other */
    validUntil?: string;
  }[];
  /** Set: it is switched off until it is saved again */
  problem?: {
    /** What is wrong, for programs */
    kind: 'endpoint-gone' | 'endpoint-failing';
    /** Since when */
    since: string;
    /** The same in the words of Telegram, or in ours */
    description: string;
  };
  /** The endpoint takes nothing: it is tried again then */
  pausedUntil?: string;
  /** How much was given up, each after a day */
  dropped: number;
  /** The last calls, newest first: 20, and the last five tests */
  tries: WebhookTry[];
  /** Shown this once: `whsec_` and base64. Absent with `keepSecret` */
  secret?: string;
};

/** A cart, a reminder or a message that is still to come */
export type Scheduled = {
  /** What the person is to the shop */
  kind: 'digest' | 'cart' | 'reminder' | 'message';
  /** The kind of event */
  event: string;
  /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
  eventId: string;
  /** Of the cart, the activity or the delivery; `digest`: the delivery of its first notice */
  id: string;
  /** Passweb's id of the user */
  userId: string;
  /** The present name, or else that of the event */
  userName?: string;
  /** The name that the template has now; absent where it is gone */
  templateName?: string;
  /** When it is due. `message`: when it is looked at again */
  dueAt: string;
  /** `cart`: which message about it this is, 2 or 3; absent: the first */
  step?: number;
  /** `cart`: number of articles */
  itemCount?: number;
  /** What it costs */
  total?: {
    /** A decimal number as text, such as `149.90`: so it is never rounded */
    amount: string;
    /** ISO 4217, such as `EUR` */
    currency: string;
  };
  /** Its subject */
  subject?: string;
  /** `reminder`: of the activity, as it was reported */
  date?: string;
  /** `digest`: whose notices are collected */
  folder?: string;
  /** `digest`: how many there are by now */
  notices?: number;
  /** `message`: why it waits */
  reason?:
    | 'rate-limit'
    | 'chat-paused'
    | 'quiet-hours'
    | 'bot-paused'
    | 'bot-missing'
    | 'bot-unauthorized'
    | 'telegram-unreachable';
  /** What it waits for, and what the merchant can do */
  message: Words;
};

/** A page of what is to come */
export type ScheduledPage = {
  /** What is still to come, the next one first */
  scheduled: Scheduled[];
  /** Where it goes on: send it with the same parameters; absent on the last page */
  cursor?: string;
};

/** A session of the console; the secret of it is in the cookie alone */
export type Session = {
  /** Whose console it opens */
  role: 'site' | 'platform';
  /** The shop; absent for the platform */
  siteId?: string;
  /** Until when it lasts; it ends before that where its key is removed */
  expiresAt: string;
};

/** Who is signed in to the console in this browser */
export type Sessions = {
  /** The console of a site; `null`: nobody */
  site: {
    /** The id of the shop, as in its paths */
    siteId: string;
    /** Until when the link is valid */
    expiresAt: string;
  } | null;
  /** That of the platform; `null`: nobody */
  platform: {
    /** Until when the link is valid */
    expiresAt: string;
  } | null;
};

/** The merchant's settings that change; what is absent stays as it is */
export type SettingsPatch = {
  /** Whether the integration is switched on; off, nothing is sent and everything is kept */
  active?: boolean;
  /** BCP 47; every template needs a text in each */
  languages?: Language[];
  /** One of `languages` */
  defaultLanguage?: Language;
  /** IANA name, such as `Europe/Rome`: dates are shown in it */
  timeZone?: TimeZone;
  /** When no phone rings, by the clock of whoever gets the message (`silent`: messages go out without a sound; `after`: they wait); `null`: phones ring at all hours */
  quietHours?: QuietHours | null;
  /** How long after a cart was abandoned its user is told; fractions are allowed */
  abandonedCartHours?: number;
  /** Further messages about an abandoned cart, one or two. They are advertising, and go only to people of whom `marketingConsent` is given (in the event, or stored); the first message needs no consent. They end with the order, a newer cart, the opt-out; what was sent is taken back when the order comes. `null`: one message */
  cartSeries?: {
    /** The second message, and the third */
    steps: {
      /** How many hours after the cart was abandoned it is sent: later than the message before; fractions are allowed */
      afterHours: number;
    }[];
  } | null;
  /** Groups with "Gestione Telegram"; none named: no limit */
  telegramGroups?: string[];
  /** Whether documents uploaded by the back office notify */
  docuvision?: boolean;
  /** Who works in the shop: users of the site, and what they are told of it; the whole list each time. Empty, or `null`: nobody */
  staff?:
    | {
        /** Whom: a user of the site, by Passweb's id */
        userId: string;
        /** What they are told. `new-order`: an order is reported for the first time. `failures`: messages have failed, at most once an hour. `bot-refused`: Telegram takes the token of the bot again, which it refused. `module-off`: messages are switched off */
        notices: ('new-order' | 'failures' | 'bot-refused' | 'module-off')[];
      }[]
    | null;
  /** How customers reach the merchant; `null` takes it away */
  merchantContact?: string | null;
  /** The https address of the shop's privacy notice; `null` takes it away */
  privacyUrl?: string | null;
  /** By language: the text of the button of every message about an order, in place of all its texts so far; placeholders of `order-status`, no HTML, 64 characters. A template's own `button` replaces it; `null` takes it away */
  orderButton?: LocalizedTexts | null;
  /** The same for `abandoned-cart` */
  cartButton?: LocalizedTexts | null;
  /** Whether the links to the shop in its messages are counted: they lead through `GET /c/{code}`, and the log shows when they were opened */
  countClicks?: boolean;
  /** How the bot, our pages and the unchanged default templates address people in Italian: `tu`, or the formal `lei` */
  tone?: 'tu' | 'lei';
};

/** The address of a shop: `http` or `https`, without user name, query and fragment */
export type ShopAddress = string;

/** What signs in to the console: a link, a key of a site, or the key of the platform */
export type SignIn = {
  /** What stands behind `#token=` in a link */
  token?: string;
  /** The shop that the key is of; absent: it is the key of the platform */
  siteId?: string;
  /** A key of the site, or that of the platform */
  key?: string;
};

/** A shop with its settings */
export type Site = {
  /** The id of the shop, as in its paths */
  siteId: string;
  /** The name of the shop, as its customers read it */
  name: string;
  /** The address of the shop; links in messages lead there */
  url: string;
  /** Whether the shop has bought the Telegram module; only the platform can change it */
  moduleActive: boolean;
  /** Whether the merchant has the integration switched on; off, nothing is sent and everything is kept */
  active: boolean;
  /** The languages of the shop, as BCP 47 tags; every template has a text in each */
  languages: string[];
  /** One of `languages`: that of a person of whom no language is known */
  defaultLanguage: string;
  /** IANA name, such as `Europe/Rome`: dates are shown in it */
  timeZone: string;
  /** When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours */
  quietHours?: {
    /** When they begin: `HH:MM` */
    from: string;
    /** When they end: `HH:MM`; before `from`, it is the next day */
    to: string;
    /** `silent`: messages go out without a sound. `after`: they wait until the quiet hours are over */
    mode: 'silent' | 'after';
  };
  /** How many hours after a cart was abandoned its user is told; fractions are allowed */
  abandonedCartHours: number;
  /** Further messages about an abandoned cart, which are advertising: only people get them of whom `marketingConsent` is given. Absent: one message, which needs no consent */
  cartSeries?: {
    /** The second message, and the third */
    steps: {
      /** How many hours after the cart was abandoned it is sent: later than the message before; fractions are allowed */
      afterHours: number;
    }[];
  };
  /** The user groups with "Gestione Telegram"; none named: no limit */
  telegramGroups: string[];
  /** Whether documents that the back office uploads notify */
  docuvision: boolean;
  /** Who works in the shop, and what they are told; absent: nobody */
  staff?: {
    /** Whom: a user of the site, by Passweb's id */
    userId: string;
    /** What they are told. `new-order`: an order is reported for the first time. `failures`: messages have failed, at most once an hour. `bot-refused`: Telegram takes the token of the bot again, which it refused. `module-off`: messages are switched off */
    notices: ('new-order' | 'failures' | 'bot-refused' | 'module-off')[];
  }[];
  /** How customers reach the merchant, as the bot tells them */
  merchantContact?: string;
  /** The https address of the shop's privacy notice */
  privacyUrl?: string;
  /** The text of the button of all order messages, by language; a template may have its own */
  orderButton?: { [name: string]: string };
  /** The text of the button of all cart messages, by language; a template may have its own */
  cartButton?: { [name: string]: string };
  /** Whether the links to the shop in its messages lead through `/c/…`, which counts who opens them; absent: they do not */
  countClicks?: boolean;
  /** How people are addressed in Italian: `tu`, or the formal `lei` */
  tone: 'tu' | 'lei';
  /** Addresses that the site had before, the latest first: until `until`, links of events may be on their hosts */
  formerUrls?: {
    /** An address that the site had before */
    url: string;
    /** Until when links of events may be on its host */
    until: string;
  }[];
  /** The bot of the shop; absent before one is saved */
  bot?: {
    /** The number of the bot at Telegram, as text: the digits before the ":" of its token */
    id: string;
    /** The username of the bot, without @ */
    username: string;
    /** Whether it was made with the manager bot, which can give it another token */
    managed?: true;
    /** Why nothing can be sent with the bot now; absent while all is well */
    problem?: {
      /** What is wrong, for programs */
      kind: string;
      /** Since when */
      since: string;
      /** The same in the words of Telegram, or in ours */
      description: string;
    };
  };
  /** The bot with which the site can get one without @BotFather; absent where the deployment has none */
  managerBot?: {
    /** Its username, without @ */
    username: string;
  };
};

/** The platform's part of a site */
export type SiteBody = {
  /** The name of the shop, as its customers read it */
  name: string;
  /** Where the shop is; links of events must be on its host */
  url: ShopAddress;
  /** Whether the shop has bought the Telegram module; only the platform can change it */
  moduleActive: boolean;
};

/** A page of the sites */
export type SiteList = {
  /** The sites, in the order of their ids */
  sites: {
    /** The id of the shop, as in its paths */
    siteId: string;
    /** The name of the shop */
    name: string;
    /** The address of the shop */
    url: string;
    /** Whether the shop has bought the Telegram module; only the platform can change it */
    moduleActive: boolean;
    /** Whether the merchant has the integration switched on; off, nothing is sent and everything is kept */
    active: boolean;
    /** The bot of the shop; absent before one is saved */
    bot?: {
      /** The number of the bot at Telegram, as text: the digits before the ":" of its token */
      id: string;
      /** The username of the bot, without @ */
      username: string;
    };
  }[];
  /** Some sites are not in the list yet: it is being made, for some minutes after the first deployment of this version, or after a table was restored */
  incomplete?: true;
  /** For the next page; absent on the last one */
  cursor?: string;
};

/** What was sent and what was not, by day */
export type Statistics = {
  /** The first day that is counted, `YYYY-MM-DD` */
  from: string;
  /** The last day that is counted, `YYYY-MM-DD` */
  to: string;
  /** The site's: its days are counted */
  timeZone: string;
  /** What was recorded before this time is counted */
  countedUntil: string;
  /** Each day from `from` to `to`, also those on which nothing happened. `skipped` is by reason; `linked`: new links; `optedOut`: opt-outs; `clicked`: messages of which a counted link was opened for the first time, some minutes later and only where there were some; `recovered`: carts that were ordered after a message of their series, by the number of the last one; `events`: the same by event */
  days: {
    /** The day in the time zone of the site, `YYYY-MM-DD` */
    day: string;
    /** How many were sent */
    sent: number;
    /** How many failed */
    failed: number;
    /** How many were not sent, by reason */
    skipped: { [name: string]: number };
    /** How many were opened for the first time, through a counted link; absent where none was */
    clicked?: number;
    /** Whether the bot can write to one of the chats */
    linked: number;
    /** Whether the user wants nothing from the bot */
    optedOut: number;
    /** Carts that were ordered after a message of their series, by the number of the last message; absent: none */
    recovered?: { [name: string]: number };
    /** The same, by event */
    events: {
      [name: string]: {
        /** How many were sent */
        sent: number;
        /** How many failed */
        failed: number;
        /** How many were not sent, by reason */
        skipped: { [name: string]: number };
        /** How many were opened for the first time, through a counted link; absent where none was */
        clicked?: number;
      };
    };
  }[];
  /** The sums of all days */
  totals: {
    /** How many were sent */
    sent: number;
    /** How many failed */
    failed: number;
    /** How many were not sent, by reason */
    skipped: { [name: string]: number };
    /** How many were opened for the first time, through a counted link; absent where none was */
    clicked?: number;
    /** Whether the bot can write to one of the chats */
    linked: number;
    /** Whether the user wants nothing from the bot */
    optedOut: number;
    /** Carts that were ordered after a message of their series, by the number of the last message; absent: none */
    recovered?: { [name: string]: number };
    /** The same, by event */
    events: {
      [name: string]: {
        /** How many were sent */
        sent: number;
        /** How many failed */
        failed: number;
        /** How many were not sent, by reason */
        skipped: { [name: string]: number };
        /** How many were opened for the first time, through a counted link; absent where none was */
        clicked?: number;
      };
    };
  };
};

/** A text of the merchant for one kind of event */
export type Template = {
  /** The id of the template */
  id: string;
  /** The merchant's name for the template */
  name: string;
  /** The kind of event that it is for */
  event:
    | 'order-status'
    | 'abandoned-cart'
    | 'message-sent'
    | 'message-read'
    | 'activity-status'
    | 'activity-viewed'
    | 'activity-reminder'
    | 'file-upload'
    | 'file-download'
    | 'file-view'
    | 'welcome';
  /** Whether it sends */
  enabled: boolean;
  /** `order-status`: the order statuses that it manages, compared without case */
  statuses?: string[];
  /** The user groups that receive it; absent: every user */
  groups?: string[];
  /** Which recipients get it; absent: all */
  audience?: 'everybody' | 'creator' | 'recipients';
  /** The text by language: Mustache and Telegram's HTML */
  text: { [name: string]: string };
  /** The text of the button by language; absent: a default one */
  button?: { [name: string]: string };
  /** The colour of the first button: blue, green or red; absent: as Telegram shows a button */
  buttonStyle?: 'primary' | 'success' | 'danger';
  /** The text of a second button by language */
  secondButton?: { [name: string]: string };
  /** Where the second button leads; absent: to the link of the event */
  secondButtonUrl?: string;
  /** `order-status`: the text of the button that copies the tracking code, by language */
  trackingButton?: { [name: string]: string };
  /** `order-status`: an order has one message in a chat, which is changed with its status; absent: each status has a message of its own */
  card?: {
    /** The statuses, of those of the template, for which a new message with a sound takes the place of the former one, which is deleted as far as Telegram allows it (48 hours). The first message of an order rings in any case */
    newMessageFor?: string[];
  };
  /** `order-status`: the articles are a table with pictures, where Telegram takes it */
  rich?: boolean;
  /** Files: for how many minutes the notices of a folder are collected into one message */
  digestMinutes?: number;
  /** `abandoned-cart`: which message about a cart it is. 1, or absent: the first. 2 and 3 are advertising, sent only where the site has a `cartSeries` with that step, and the person has consented */
  step?: number;
  /** `abandoned-cart`, `step` 2 or 3: the code of a coupon, which the text may write and a button copies */
  couponCode?: string;
  /** `abandoned-cart`, `step` 2 or 3: the text of the button that copies the coupon, by language */
  couponButton?: { [name: string]: string };
  /** When it was created; absent for the default templates */
  createdAt?: string;
};

/** A template, as the merchant writes it */
export type TemplateBody = {
  /** The id of the template; without it, one is made */
  id?: string;
  /** The merchant's name for the template */
  name: string;
  /** Whether it sends. At most 10 templates of a kind are enabled; of `order-status`, for each status */
  enabled?: boolean;
  /** The kind of event that it is for */
  event:
    | 'order-status'
    | 'abandoned-cart'
    | 'message-sent'
    | 'message-read'
    | 'activity-status'
    | 'activity-viewed'
    | 'activity-reminder'
    | 'file-upload'
    | 'file-download'
    | 'file-view'
    | 'welcome';
  /** `order-status`: the order statuses that it manages, compared without case */
  statuses?: string[];
  /** User groups that receive it; none: every user */
  groups?: string[];
  /** `activity-status`: whether it is for the creator of the activity, for its recipients, or for both. Absent: as it was; of a new one, for both */
  audience?: 'everybody' | 'creator' | 'recipients';
  /** By language, 50 at most: Mustache (`{{key}}`, `{{#key}}…{{/key}}`; each at most 20 times) and Telegram's HTML. Of a message that would be longer than 4096 characters, the longest values are cut */
  text: LocalizedTexts;
  /** By language: the text of the button that opens the link of the event; no HTML, 64 characters at most. Absent in a template for `order-status` or `abandoned-cart`: the `orderButton` or `cartButton` of the site */
  button?: LocalizedTexts;
  /** The colour of the first button: blue, green or red. Absent: as Telegram shows a button */
  buttonStyle?: 'primary' | 'success' | 'danger';
  /** By language: the text of a second button, below the first; as `button`. In a language without a text, the host of the link */
  secondButton?: LocalizedTexts;
  /** Where the second button leads: a link of the shop. Absent: to the link of the event */
  secondButtonUrl?: string;
  /** `order-status`, by language: the text of a button that copies the tracking code of the order; as `button`. In a language without a text, the code. An order without a code shows none */
  trackingButton?: LocalizedTexts;
  /** `order-status`: an order has one message in a chat, and each status changes it without a sound; `{}` where no status is to ring. All such templates share it. Where it can not be changed, a new one is sent without a sound. Absent: each status has a message of its own */
  card?: {
    /** The statuses, of those of the template, for which a new message with a sound takes the place of the former one, which is deleted as far as Telegram allows it (48 hours). The first message of an order rings in any case */
    newMessageFor?: string[];
  };
  /** `order-status`: the articles of the order are a table, with their pictures and the total; `elencoArticoli` is then left out of the text. Where Telegram refuses it, or the order has no articles, the message is as without it */
  rich?: boolean;
  /** `file-upload`, `file-download`, `file-view`: for so many minutes after the first notice of a folder, those that follow are collected with it into one message for each administrator. Absent: each notice is a message */
  digestMinutes?: number;
  /** `abandoned-cart`: which message about a cart this is, from 1 to 3. Absent: the first. The second and the third are advertising: they go only to people of whom `marketingConsent` is given, and only where the site has a `cartSeries` with that step */
  step?: number;
  /** `abandoned-cart`, second or third message: the code of a coupon. The text may write it (`{{codiceCoupon}}`), and `couponButton` copies it */
  couponCode?: string;
  /** `abandoned-cart`, second or third message, by language: the text of a button that copies the code of the coupon; as `button`. In a language without a text, the code */
  couponButton?: LocalizedTexts;
  /** Set by this API; may be sent back as it was read */
  createdAt?: string;
  /** Part of an answer; may be sent back, and is not read */
  warnings?: unknown[];
};

/** Some fields of a template (JSON Merge Patch, RFC 7396): what is absent stays as it is */
export type TemplatePatch = {
  /** The id of the template; it cannot change */
  id?: string;
  /** The merchant's name for the template */
  name?: string;
  /** Whether it sends */
  enabled?: boolean;
  /** The kind of event */
  event?:
    | 'order-status'
    | 'abandoned-cart'
    | 'message-sent'
    | 'message-read'
    | 'activity-status'
    | 'activity-viewed'
    | 'activity-reminder'
    | 'file-upload'
    | 'file-download'
    | 'file-view'
    | 'welcome';
  /** All of them; `null`: none */
  statuses?: string[] | null;
  /** All of them; `null`: every user */
  groups?: string[] | null;
  /** Which recipients get it; absent: all */
  audience?: 'everybody' | 'creator' | 'recipients';
  /** By language: those that change; `null` removes one */
  text?: LocalizedTextsPatch;
  /** By language: those that change; `null` removes one, or all */
  button?: LocalizedTextsPatch | null;
  /** The colour of the first button; `null`: as Telegram shows a button */
  buttonStyle?: 'primary' | 'success' | 'danger' | null;
  /** By language: those that change; `null` removes one, or all */
  secondButton?: LocalizedTextsPatch | null;
  /** Where the second button leads; `null`: to the link of the event */
  secondButtonUrl?: string | null;
  /** By language: those that change; `null` removes one, or all */
  trackingButton?: LocalizedTextsPatch | null;
  /** `null`: each status has a message of its own */
  card?: {
    /** The statuses, of those of the template, for which a new message with a sound takes the place of the former one, which is deleted as far as Telegram allows it (48 hours). The first message of an order rings in any case */
    newMessageFor?: string[] | null;
  } | null;
  /** `order-status`: the articles are a table with pictures, where Telegram takes it */
  rich?: boolean;
  /** For how many minutes the notices of a folder are collected; `null`: each is a message */
  digestMinutes?: number | null;
  /** Which message about a cart this is; `null`: the first */
  step?: number | null;
  /** The code of a coupon; `null`: none */
  couponCode?: string | null;
  /** By language: those that change; `null` removes one, or all */
  couponButton?: LocalizedTextsPatch | null;
  /** Set by this API; may be sent back as it was read */
  createdAt?: string;
  /** Part of an answer; may be sent back, and is not read */
  warnings?: unknown[];
};

/** All templates of a site */
export type Templates = {
  /** The templates */
  templates: Template[];
  /** Only for a site that had more enabled templates before there was a limit: the ids of those before which 10 others of their kind (or of one of their statuses) are enabled. They are sent only to people to whom fewer of those before apply */
  beyondLimit?: string[];
};

/** The last versions of a template, the newest first */
export type TemplateVersions = {
  /** The versions, the newest first */
  versions: {
    /** The number of the version */
    version: number;
    /** When */
    at?: string;
    /** Who saved it; absent where that is not known */
    by?: Actor;
    template: Template;
  }[];
};

/** Who gets the test, and what it says */
export type TestBody = {
  /** Passweb's id of the user who gets the test */
  userId: string;
  /** In which language; absent: that of the user */
  language?: Language;
  /** Values of the placeholders; `null`: there is none */
  values?: {
    /** The first name of the person who gets the message */
    nome?: string | null;
    /** Their last name, or the name of their company */
    cognome?: string | null;
    /** Both */
    nominativo?: string | null;
    /** The address of the shop */
    urlSito?: string | null;
    /** The name of the shop */
    nomeSito?: string | null;
    /** How many articles the order has */
    numeroArticoli?: number | null;
    /** The number of the order */
    siglaDocumento?: string | null;
    /** The status of the order */
    statoDocumento?: string | null;
    /** The total of the order */
    totaleOrdine?: Money | null;
    /** The articles of the order, each in a line */
    elencoArticoli?: string | null;
    /** The tracking code of the shipment */
    codiceTracking?: string | null;
    /** How many articles the cart has */
    numeroArticoliCarrello?: number | null;
    /** The total of the cart */
    totaleCarrello?: Money | null;
    /** The code of the coupon of the template */
    codiceCoupon?: string | null;
    /** The subject of the message */
    oggettoMessaggio?: string | null;
    /** The text of the message */
    testoMessaggio?: string | null;
    /** The date of the activity */
    dataAttivita?: string | null;
    /** The subject of the activity */
    oggettoAttivita?: string | null;
    /** The former status of the activity */
    vecchioStato?: string | null;
    /** The new status of the activity */
    nuovoStato?: string | null;
    /** The name of the folder */
    nomeCartella?: string | null;
    /** The name of the file */
    nomeFile?: string | null;
    /** How many documents there are */
    numeroFile?: number | null;
    /** The names of the documents, each in a line */
    elencoFile?: string | null;
    /** What happened to the documents, in a sentence */
    riepilogoFile?: string | null;
    /** Who acted: the sender, reader, viewer, uploader or downloader */
    autore?: string | null;
  };
  /** Where the button leads */
  url?: string;
};

/** A test that is on its way */
export type TestSent = {
  /** Passweb's id of the user */
  userId: string;
  /** The id of the template */
  templateId?: string;
  /** It is on its way */
  status: 'queued';
  /** The id of the delivery: the same for the same message, however often its event is reported */
  deliveryId: string;
};

/** The IANA name of a time zone, such as `Europe/Rome` */
export type TimeZone = string;

/** Why Telegram lets the bot write no more */
export type Unreachable = {
  /** In the words of Telegram */
  reason: string;
  /** Since when */
  since: string;
  /** The bot that Telegram has refused */
  botId?: string;
};

/** A person of the shop, and their link to Telegram */
export type User = {
  /** Passweb's id of the user */
  userId: string;
  /** Whether the bot can write to one of the chats */
  linked: boolean;
  /** Of the first chat, as the other fields that `chats` has too */
  linkedAt?: string;
  /** How they linked it */
  linkedBy?: 'deep-link' | 'login-widget' | 'oidc' | 'import';
  /** The username of the account at Telegram when it was linked, without @ */
  telegramUsername?: string;
  /** The site has another bot since: the person has to press Start there */
  needsNewStart?: boolean;
  /** How many Telegram can not reach */
  unreachable?: Unreachable;
  /** The chats that are linked, the first one first; at most 5 */
  chats: Chat[];
  /** Why and since when the person has no chat any more */
  unlinked?: {
    /** Why */
    reason: string;
    /** Since when */
    since: string;
  };
  /** Whether the user gets nothing: opted out, or stopped in each of the chats */
  optedOut: boolean;
  /** Who said so */
  optedOutBy?: 'person' | 'shop';
  /** When it was said */
  optedOutAt?: string;
  /** Where it was said */
  optedOutIn?: 'bot' | 'site' | 'import';
  /** The kinds of event that the user does not want */
  mutedEvents: (
    | 'order-status'
    | 'abandoned-cart'
    | 'message-sent'
    | 'message-read'
    | 'activity-status'
    | 'activity-viewed'
    | 'activity-reminder'
    | 'file-upload'
    | 'file-access'
    | 'staff-new-order'
    | 'staff-failures'
    | 'staff-bot-refused'
    | 'staff-module-off'
  )[];
  /** In place of those of the site: the person's own, or none (`mode: off`); absent: those of the site */
  quietHours?: {
    /** When they begin: `HH:MM` */
    from?: string;
    /** When they end: `HH:MM`; before `from`, it is the next day */
    to?: string;
    /** `silent`: messages go out without a sound. `after`: they wait until the quiet hours are over */
    mode: 'silent' | 'after' | 'off';
  };
  /** Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none */
  marketingConsent?: {
    /** Whether they want it; `false`: they have withdrawn it */
    given: boolean;
    /** When the person said so: of two statements the later one holds. A time in the future counts as now */
    at: string;
    /** Where they said it, such as the page or the form; `bot`: in the bot */
    source: string;
  };
  /** IANA name, such as `Europe/Rome`: dates are shown in it */
  timeZone?: string;
  /** The language that the person reads, as BCP 47 tag */
  language?: string;
  /** The first name; companies have none */
  firstName?: string;
  /** The last name; companies have none */
  lastName?: string;
  /** The name of the company */
  companyName?: string;
};

/** All that is kept about a person */
export type UserExport = {
  /** The id of the shop, as in its paths */
  siteId: string;
  /** Passweb's id of the user */
  userId: string;
  /** When this was put together */
  exportedAt: string;
  /** The person, as the shop knows them; absent if only other things are kept */
  user?: {
    /** The first name; companies have none */
    firstName?: string;
    /** The last name; companies have none */
    lastName?: string;
    /** The name of the company */
    companyName?: string;
    /** The language that the person reads, as BCP 47 tag */
    language?: string;
    /** When the names were last given */
    namesAt?: string;
    /** The kinds of event that the user does not want */
    mutedEvents: (
      | 'order-status'
      | 'abandoned-cart'
      | 'message-sent'
      | 'message-read'
      | 'activity-status'
      | 'activity-viewed'
      | 'activity-reminder'
      | 'file-upload'
      | 'file-access'
      | 'staff-new-order'
      | 'staff-failures'
      | 'staff-bot-refused'
      | 'staff-module-off'
    )[];
    /** When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours */
    quietHours?: {
      /** When they begin: `HH:MM` */
      from?: string;
      /** When they end: `HH:MM`; before `from`, it is the next day */
      to?: string;
      /** `silent`: messages go out without a sound. `after`: they wait until the quiet hours are over */
      mode: 'silent' | 'after' | 'off';
    };
    /** Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none */
    marketingConsent?: {
      /** Whether they want it; `false`: they have withdrawn it */
      given: boolean;
      /** When the person said so: of two statements the later one holds. A time in the future counts as now */
      at: string;
      /** Where they said it, such as the page or the form; `bot`: in the bot */
      source: string;
    };
    /** IANA name, such as `Europe/Rome`: dates are shown in it */
    timeZone?: string;
    /** Whether the user wants nothing from the bot */
    optedOut: boolean;
    /** Every opt-out that holds, with who said it, when and where */
    optOuts: {
      /** Who said so: `person` where they ticked it themself on the site, else `shop` */
      by: 'person' | 'shop';
      /** When */
      at?: string;
      /** Where it was said */
      where: 'bot' | 'site' | 'import';
    }[];
    /** When an opt-out was last taken back, by whose it was */
    optedIn?: {
      /** Their own was taken back then */
      person?: string;
      /** The shop's was taken back then */
      shop?: string;
    };
    /** When a /stop of the person ended */
    endedStops: string[];
    /** Why and since when the person has no chat any more */
    unlinked?: {
      /** Why */
      reason: string;
      /** Since when */
      since: string;
    };
    /** When a link to a chat ended */
    endedLinks: string[];
    /** Ids that the person had before */
    formerIds: string[];
  };
  /** What they are told as somebody who works in the shop; absent: they do not */
  staff?: ('new-order' | 'failures' | 'bot-refused' | 'module-off')[];
  /** The chats that are linked, the first one first; at most 5 */
  chats: {
    /** The number of the chat at Telegram, up to 52 bits */
    chatId: number;
    /** The number of the bot at Telegram, as text: the digits before the ":" of its token */
    botId?: string;
    /** When the person linked this chat */
    linkedAt?: string;
    /** How they linked it */
    linkedBy?: 'deep-link' | 'login-widget' | 'oidc' | 'import';
    /** The username of the account at Telegram when it was linked, without @ */
    telegramUsername?: string;
    /** Whether the person has written /stop in this chat */
    stopped: boolean;
    /** When they wrote it */
    stoppedAt?: string;
    /** When the person began again with /start */
    resumedAt?: string;
    /** How many Telegram can not reach */
    unreachable?: Unreachable;
    /** Numbers that the chat had before */
    formerChatIds?: number[];
  }[];
  /** Links that were handed out, used or not; never the links themselves */
  links: {
    /** When it was made */
    createdAt: string;
    /** Until when the link is valid */
    expiresAt: string;
    /** Whether somebody has used it */
    used: boolean;
    /** When it was used */
    usedAt?: string;
    /** The number of the chat that used it */
    usedByChat?: number;
    /** The first name; companies have none */
    firstName?: string;
    /** The last name; companies have none */
    lastName?: string;
    /** The name of the company */
    companyName?: string;
    /** The language that the person reads, as BCP 47 tag */
    language?: string;
    /** The names of user groups of the shop */
    groups?: string[];
    /** Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none */
    marketingConsent?: {
      /** Whether they want it; `false`: they have withdrawn it */
      given: boolean;
      /** When the person said so: of two statements the later one holds. A time in the future counts as now */
      at: string;
      /** Where they said it, such as the page or the form; `bot`: in the bot */
      source: string;
    };
  }[];
  /** Logins with Telegram's widget */
  logins: {
    /** When it was used */
    usedAt: string;
    /** When this row is deleted */
    keptUntil: string;
  }[];
  /** Carts and reminders to come, without other recipients, and those that are remembered */
  scheduled: {
    /** What it is: the kind and the id of the cart, order or activity */
    key: string;
    /** When it is due */
    dueAt?: string;
    /** The event as it was reported, without its other recipients */
    event?: { [name: string]: unknown };
  }[];
  /** There are more than 1,000 */
  moreScheduled?: boolean;
  /** Messages that could not be sent yet, with their text */
  waiting: {
    /** The id of the delivery: the same for the same message, however often its event is reported */
    deliveryId: string;
    /** The kind of event */
    event: string;
    /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
    eventId: string;
    /** When its event was accepted */
    acceptedAt: string;
    /** The number of the chat at Telegram, up to 52 bits */
    chatId?: number;
    /** The message, in Telegram's HTML */
    text: string;
    /** The button below the message */
    button?: {
      /** What the button says */
      text: string;
      /** Where it leads */
      url: string;
      /** Its colour; absent: as Telegram shows a button */
      style?: 'primary' | 'success' | 'danger';
    };
    /** The buttons below the first one */
    moreButtons?: (
      | {
          /** What the button says */
          text: string;
          /** Where it leads */
          url: string;
          /** Its colour; absent: as Telegram shows a button */
          style?: 'primary' | 'success' | 'danger';
        }
      | {
          /** What the button says */
          text: string;
          /** What one touch copies */
          copyText: string;
        }
    )[];
    /** The articles of the order that the message shows as a table */
    table?: {
      /** The articles */
      rows: {
        /** How many, and of what */
        item: string;
        /** What it costs */
        amount?: string;
      }[];
      /** How many more articles there are, in words */
      others?: string;
      /** The total of the order */
      sum?: {
        /** What it is called */
        item: string;
        /** How much it is */
        amount?: string;
      };
      /** The addresses of the pictures */
      pictures: string[];
    };
  }[];
  /** There are more than 200 */
  moreWaiting?: boolean;
  /** What the webhook of the site is still to be told of the person, with how often it was tried in vain. What it is told of messages names only their lines in `deliveries` */
  outgoing: {
    /** The id of the call: its header `webhook-id` */
    id: string;
    /** The kind of event */
    event: string;
    /** When */
    at: string;
    /** When it is due */
    dueAt: string;
    /** How often the call was tried in vain */
    failures: number;
    /** The data of the call, as docs/webhooks.md describes them for its event */
    data: { [name: string]: unknown };
  }[];
  /** There are more than 1,000 */
  moreOutgoing?: boolean;
  /** The log, newest first */
  deliveries: {
    /** The id of the delivery: the same for the same message, however often its event is reported */
    deliveryId: string;
    /** The kind of event */
    event: string;
    /** Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing */
    eventId: string;
    /** The id of the template */
    templateId?: string;
    /** Passweb's id of the user */
    userId: string;
    /** What became of it */
    status: 'sent' | 'skipped' | 'failed' | 'retrying' | 'waiting' | 'scheduled';
    /** When it became this */
    recordedAt: string;
    /** How often it was tried */
    attempts: number;
    /** Whether it was a test of a template */
    test: boolean;
    /** How it came; absent in what no event has caused */
    source?: 'https' | 'sqs';
    /** When it is due */
    dueAt?: string;
    /** Why */
    reason?: string;
    /** Why it failed, or could not be sent yet */
    failure?: {
      /** The kind of failure, for programs */
      class: string;
      /** What Telegram, or the way to it, said */
      description: string;
    };
    /** `retrying`: when it is tried again */
    nextAttemptAt?: string;
    /** The last day or moment on which it may take place */
    until?: string;
    /** The `deliveryId` of the message that it is in, together with other notices of its folder */
    digestId?: string;
    /** How many notices of a folder the message collects */
    collected?: number;
    /** The `deliveryId` of the line whose message was sent once more */
    resendOf?: string;
    /** Until when the message can be sent once more; absent where it can not */
    resendableUntil?: string;
    /** `sent`: the number of the message in the chat */
    messageId?: number;
    /** `sent`: the message of the order that was in the chat was changed, and none was sent; no phone rang */
    edited?: true;
    /** Which message of a series it is, or would have been; absent: of none */
    step?: number;
    /** When the message was taken back from the chat, since its cart was ordered or recovered; absent: it was not */
    takenBackAt?: string;
    /** `edited`: a neutral text stands in the place of the message, since Telegram deletes it no longer; absent: it was deleted */
    takenBackAs?: 'edited';
    /** How often its links to the shop were opened; absent where they are not counted */
    clicks?: number;
    /** When one of them was opened first */
    clickedAt?: string;
    /** The number of the chat at Telegram, up to 52 bits */
    chatId?: number;
    /** Where its counted links lead */
    links?: string[];
  }[];
  /** The log goes on: absent on the last page */
  cursor?: string;
};

/** What changes; what is absent stays as it is */
export type UserPatch = {
  /** Whether the user wants nothing from the bot */
  optedOut?: boolean;
  /** Who said so: `person` where they ticked it themself on the site, else `shop` */
  by?: 'person' | 'shop';
  /** The kinds of event that the user does not want */
  mutedEvents?: (
    | 'order-status'
    | 'abandoned-cart'
    | 'message-sent'
    | 'message-read'
    | 'activity-status'
    | 'activity-viewed'
    | 'activity-reminder'
    | 'file-upload'
    | 'file-access'
    | 'staff-new-order'
    | 'staff-failures'
    | 'staff-bot-refused'
    | 'staff-module-off'
  )[];
  /** In place of those of the site: the person's own, or none (`mode: off`); `null`: those of the site */
  quietHours?: OwnQuietHours | null;
  /** Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none */
  marketingConsent?: MarketingConsent;
  /** IANA name, such as `Europe/Rome`: dates are shown in it */
  timeZone?: TimeZone | null;
  /** The language that the person reads, as BCP 47 tag */
  language?: Language | null;
  /** The first name; companies have none */
  firstName?: string | null;
  /** The last name; companies have none */
  lastName?: string | null;
  /** The name of the company */
  companyName?: string | null;
};

/** Where this site is told what happens, and how that went */
export type Webhook = {
  /** The address that is called */
  url: string;
  /** The kinds of what is told */
  events: (
    | 'user.linked'
    | 'user.opted-out'
    | 'user.unreachable'
    | 'user.returned'
    | 'delivery.sent'
    | 'delivery.failed'
    | 'delivery.skipped'
    | 'delivery.clicked'
    | 'bot.problem'
  )[];
  /** When it was made */
  createdAt: string;
  /** With which calls are signed, newest first: at most four, a fifth ends the oldest. What they are is never shown again */
  secrets: {
    /** When it was made */
    createdAt: string;
    /** Until when the secret signs, if no fourth one is made after it; absent: for as long as there is no other */
    validUntil?: string;
  }[];
  /** Set: it is switched off until it is saved again */
  problem?: {
    /** What is wrong, for programs */
    kind: 'endpoint-gone' | 'endpoint-failing';
    /** Since when */
    since: string;
    /** The same in the words of Telegram, or in ours */
    description: string;
  };
  /** The endpoint takes nothing: it is tried again then */
  pausedUntil?: string;
  /** How much was given up, each after a day */
  dropped: number;
  /** The last calls, newest first: 20, and the last five tests */
  tries: WebhookTry[];
};

/** Where to tell what */
export type WebhookBody = {
  /** Where what happens is told: `https`, on the public Internet, port 443 or one from 1024 on. The local run also takes an address of its own machine */
  url: string;
  /** What is told */
  events: (
    | 'user.linked'
    | 'user.opted-out'
    | 'user.unreachable'
    | 'user.returned'
    | 'delivery.sent'
    | 'delivery.failed'
    | 'delivery.skipped'
    | 'delivery.clicked'
    | 'bot.problem'
  )[];
  /** Whether the secret stays. Otherwise there is a new one, and the former one stays valid for a day. At most four are valid at once: a fifth ends the oldest */
  keepSecret?: boolean;
};

/** How a call that was made to try it has ended */
export type WebhookTest = {
  /** Whether the endpoint has answered 2xx */
  taken: boolean;
  /** When the call began */
  at: string;
  /** The `webhook-id`: the same for every try */
  id: string;
  /** The kind of event */
  event: string;
  /** From 1 */
  attempt: number;
  /** The HTTP status; absent where there was no answer */
  status?: number;
  /** The beginning of the answer, at most 300 characters */
  answer?: string;
  /** Why there was no answer, in English */
  error?: string;
  /** How long the call took */
  milliseconds: number;
};

/** One call, and how it has ended */
export type WebhookTry = {
  /** When the call began */
  at: string;
  /** The `webhook-id`: the same for every try */
  id: string;
  /** The kind of event */
  event: string;
  /** From 1 */
  attempt: number;
  /** The HTTP status; absent where there was no answer */
  status?: number;
  /** The beginning of the answer, at most 300 characters */
  answer?: string;
  /** Why there was no answer, in English */
  error?: string;
  /** How long the call took */
  milliseconds: number;
};

/** The same in Italian and in English */
export type Words = {
  /** In Italian */
  it: string;
  /** In English */
  en: string;
};

export interface CancelReminderOptions extends CallOptions {
  /** Only this date of an activity that repeats, as it was reported; absent: all dates */
  occurrence?: ActivityDate;
}

export interface ListUsersOptions extends CallOptions {
  /** The beginning of an id, or of one or several words of a name or a company, without regard to case, accents and punctuation: `cli/00`, `ros mar`, `srl` */
  query?: string;
  /** Only people in this state */
  state?: 'linked' | 'pending' | 'not-linked' | 'opted-out' | 'unreachable';
  /** The `cursor` of the answer before, with the same `query` and `state` */
  cursor?: string;
  /** How many people at most */
  limit?: number;
}

export interface UnlinkUserOptions extends CallOptions {
  /** The number of the chat to unlink; absent: all */
  chat?: number;
}

export interface ExportUserOptions extends CallOptions {
  /** The `cursor` of the answer before */
  cursor?: string;
}

export interface ListSitesOptions extends CallOptions {
  /** Beginnings of words */
  query?: string;
  /** The `cursor` of the page before */
  cursor?: string;
  /** How many at most */
  limit?: number;
}

export interface ListChangesOptions extends CallOptions {
  /** The `cursor` of the page before */
  cursor?: string;
  /** How many at most */
  limit?: number;
}

export interface PutSiteOptions extends CallOptions {
  /** The `ETag` of an earlier answer: the change is made only if nobody has changed it since. */
  ifMatch?: string;
  /** `*`: it is made only if there is none yet. */
  ifNoneMatch?: string;
}

export interface ChangeSiteOptions extends CallOptions {
  /** The `ETag` of an earlier answer: the change is made only if nobody has changed it since. */
  ifMatch?: string;
}

export interface DeleteSiteOptions extends CallOptions {
  /** The `ETag` of an earlier answer: the change is made only if nobody has changed it since. */
  ifMatch?: string;
}

export interface PutBotOptions extends CallOptions {
  /** The `ETag` of an earlier answer: the change is made only if nobody has changed it since. */
  ifMatch?: string;
  /** `*`: it is made only if there is none yet. */
  ifNoneMatch?: string;
}

export interface ReplaceTemplateOptions extends CallOptions {
  /** The `ETag` of an earlier answer: the change is made only if nobody has changed it since. */
  ifMatch?: string;
}

export interface ChangeTemplateOptions extends CallOptions {
  /** The `ETag` of an earlier answer: the change is made only if nobody has changed it since. */
  ifMatch?: string;
}

export interface DeleteTemplateOptions extends CallOptions {
  /** The `ETag` of an earlier answer: the change is made only if nobody has changed it since. */
  ifMatch?: string;
}

export interface RestoreTemplateOptions extends CallOptions {
  /** The `ETag` of an earlier answer: the change is made only if nobody has changed it since. */
  ifMatch?: string;
}

export interface ListDeliveriesOptions extends CallOptions {
  /** Only those to this user */
  userId?: string;
  /** Only those of this event */
  eventId?: string;
  /** One of order-status, abandoned-cart, message-sent, message-read, activity-status, activity-viewed, activity-reminder, file-upload, file-access, welcome, staff-new-order, staff-failures, staff-bot-refused, staff-module-off */
  event?:
    | 'order-status'
    | 'abandoned-cart'
    | 'message-sent'
    | 'message-read'
    | 'activity-status'
    | 'activity-viewed'
    | 'activity-reminder'
    | 'file-upload'
    | 'file-access'
    | 'welcome'
    | 'staff-new-order'
    | 'staff-failures'
    | 'staff-bot-refused'
    | 'staff-module-off';
  /** What became of it */
  status?: 'sent' | 'skipped' | 'failed' | 'retrying' | 'waiting' | 'scheduled';
  /** Only those recorded at this time or later */
  from?: Instant;
  /** Only those recorded at this time or before */
  to?: Instant;
  /** `true`: also how many lines there are, by state */
  totals?: 'true' | 'false';
  /** The `cursor` of the page before */
  cursor?: string;
  /** How many; without it 50, and 5000 in a file */
  limit?: number;
}

export interface ListDeliveriesAsCsvOptions extends CallOptions {
  /** Only those to this user */
  userId?: string;
  /** Only those of this event */
  eventId?: string;
  /** One of order-status, abandoned-cart, message-sent, message-read, activity-status, activity-viewed, activity-reminder, file-upload, file-access, welcome, staff-new-order, staff-failures, staff-bot-refused, staff-module-off */
  event?:
    | 'order-status'
    | 'abandoned-cart'
    | 'message-sent'
    | 'message-read'
    | 'activity-status'
    | 'activity-viewed'
    | 'activity-reminder'
    | 'file-upload'
    | 'file-access'
    | 'welcome'
    | 'staff-new-order'
    | 'staff-failures'
    | 'staff-bot-refused'
    | 'staff-module-off';
  /** What became of it */
  status?: 'sent' | 'skipped' | 'failed' | 'retrying' | 'waiting' | 'scheduled';
  /** Only those recorded at this time or later */
  from?: Instant;
  /** Only those recorded at this time or before */
  to?: Instant;
  /** `true`: also how many lines there are, by state */
  totals?: 'true' | 'false';
  /** The `cursor` of the page before */
  cursor?: string;
  /** How many; without it 50, and 5000 in a file */
  limit?: number;
}

export interface ListScheduledOptions extends CallOptions {
  /** Only what is for this user */
  userId?: string;
  /** One of order-status, abandoned-cart, message-sent, message-read, activity-status, activity-viewed, activity-reminder, file-upload, file-access, welcome, staff-new-order, staff-failures, staff-bot-refused, staff-module-off */
  event?:
    | 'order-status'
    | 'abandoned-cart'
    | 'message-sent'
    | 'message-read'
    | 'activity-status'
    | 'activity-viewed'
    | 'activity-reminder'
    | 'file-upload'
    | 'file-access'
    | 'welcome'
    | 'staff-new-order'
    | 'staff-failures'
    | 'staff-bot-refused'
    | 'staff-module-off';
  /** The `cursor` of the page before */
  cursor?: string;
  /** How many at most */
  limit?: number;
}

export interface GetStatisticsOptions extends CallOptions {
  /** The first day; without it the 30 days up to `to` */
  from?: string;
  /** The last day, included; today without it */
  to?: string;
}

export interface PutWebhookOptions extends CallOptions {
  /** The `ETag` of an earlier answer: the change is made only if nobody has changed it since. */
  ifMatch?: string;
  /** `*`: it is made only if there is none yet. */
  ifNoneMatch?: string;
}

export interface DeleteWebhookOptions extends CallOptions {
  /** The `ETag` of an earlier answer: the change is made only if nobody has changed it since. */
  ifMatch?: string;
}

/** What the key of a site opens: one site. */
export class SiteClient {
  readonly #connection: Connection;
  readonly #site: string;

  constructor({ siteId, ...options }: ConnectionOptions & { siteId: string }) {
    this.#connection = new Connection(options);
    this.#site = pathId(siteId);
  }

  /**
   * An order entered a status
   *
   * The holder of the order is told, where a template manages the status. The answer says what became of each recipient. The same `eventId` reported again repeats nothing.
   *
   * @throws ProblemError 400, 401, 403, 409, 412, 413, 415, 429, 500, 503
   */
  async reportOrderStatus(body: OrderStatusEvent, options: CallOptions = {}): Promise<EventAccepted> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/events/order-status`,
        body,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as EventAccepted;
  }

  /**
   * A cart was abandoned
   *
   * The user is told after the site's `abandonedCartHours`, unless the cart is recovered or ordered by then. Only the last cart of a user counts. The answer says what became of each recipient. The same `eventId` reported again repeats nothing.
   *
   * @throws ProblemError 400, 401, 403, 409, 412, 413, 415, 429, 500, 503
   */
  async reportAbandonedCart(body: AbandonedCartEvent, options: CallOptions = {}): Promise<EventAccepted> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/events/abandoned-cart`,
        body,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as EventAccepted;
  }

  /**
   * A message was written in the reserved area
   *
   * Every recipient is told. The answer says what became of each recipient. The same `eventId` reported again repeats nothing.
   *
   * @throws ProblemError 400, 401, 403, 409, 412, 413, 415, 429, 500, 503
   */
  async reportMessageSent(body: MessageSentEvent, options: CallOptions = {}): Promise<EventAccepted> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/events/message-sent`,
        body,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as EventAccepted;
  }

  /**
   * A recipient read a message
   *
   * The sender is told. The answer says what became of each recipient. The same `eventId` reported again repeats nothing.
   *
   * @throws ProblemError 400, 401, 403, 409, 412, 413, 415, 429, 500, 503
   */
  async reportMessageRead(body: MessageReadEvent, options: CallOptions = {}): Promise<EventAccepted> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/events/message-read`,
        body,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as EventAccepted;
  }

  /**
   * An activity changed status
   *
   * The creator of the activity is told, and so are its `recipients` where the event names them, with templates of their own. A creator who is one of them is told once, as the creator. The answer says what became of each recipient. The same `eventId` reported again repeats nothing.
   *
   * @throws ProblemError 400, 401, 403, 409, 412, 413, 415, 429, 500, 503
   */
  async reportActivityStatus(body: ActivityStatusEvent, options: CallOptions = {}): Promise<EventAccepted> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/events/activity-status`,
        body,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as EventAccepted;
  }

  /**
   * An assignee opened an activity
   *
   * The creator of the activity is told. The answer says what became of each recipient. The same `eventId` reported again repeats nothing.
   *
   * @throws ProblemError 400, 401, 403, 409, 412, 413, 415, 429, 500, 503
   */
  async reportActivityViewed(body: ActivityViewedEvent, options: CallOptions = {}): Promise<EventAccepted> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/events/activity-viewed`,
        body,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as EventAccepted;
  }

  /**
   * Remind people of an activity
   *
   * Its recipients are told `remindMinutesBefore` minutes before its date, and before each date that `recurrence` makes of it. Reporting the activity again moves its reminders. The answer says what became of each recipient. The same `eventId` reported again repeats nothing.
   *
   * @throws ProblemError 400, 401, 403, 409, 412, 413, 415, 429, 500, 503
   */
  async reportActivityReminder(
    body: ActivityReminderEvent,
    options: CallOptions = {},
  ): Promise<EventAccepted> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/events/activity-reminder`,
        body,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as EventAccepted;
  }

  /**
   * A file was uploaded, or Docuvision found new documents
   *
   * The administrators of the folder are told; of the folder of a company that is the company itself. What Docuvision found at once is one event with all its `files`, and one message. The answer says what became of each recipient. The same `eventId` reported again repeats nothing.
   *
   * @throws ProblemError 400, 401, 403, 409, 412, 413, 415, 429, 500, 503
   */
  async reportFileUpload(body: FileUploadEvent, options: CallOptions = {}): Promise<EventAccepted> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/events/file-upload`,
        body,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as EventAccepted;
  }

  /**
   * A file was downloaded or previewed
   *
   * The administrators of the folder are told. The answer says what became of each recipient. The same `eventId` reported again repeats nothing.
   *
   * @throws ProblemError 400, 401, 403, 409, 412, 413, 415, 429, 500, 503
   */
  async reportFileAccess(body: FileAccessEvent, options: CallOptions = {}): Promise<EventAccepted> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/events/file-access`,
        body,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as EventAccepted;
  }

  /**
   * The cart of a user was recovered
   *
   * @throws ProblemError 400, 401, 412, 429, 500, 503
   */
  async recoverCart(userId: string, options: CallOptions = {}): Promise<void> {
    await this.#connection.send({
      method: 'DELETE',
      path: `/v1/sites/${this.#site}/events/abandoned-cart/${pathId(userId)}`,
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    });
  }

  /**
   * No more reminders of an activity, or none of one of its dates
   *
   * @throws ProblemError 400, 401, 412, 429, 500, 503
   */
  async cancelReminder(activityId: string, options: CancelReminderOptions = {}): Promise<void> {
    await this.#connection.send({
      method: 'DELETE',
      path: `/v1/sites/${this.#site}/events/activity-reminder/${pathId(activityId)}`,
      query: { occurrence: options.occurrence },
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    });
  }

  /**
   * The people of a site: list, search, filter, counts
   *
   * Each person has one state: `opted-out` (by themself or the shop), else `linked`, `unreachable` (Telegram reaches none of their chats), `pending` (not linked, with a link that nobody has used and that has not expired; also people whom nobody knew before), or `not-linked`. What has happened before the request is in the answer. It also works while the site is switched off.
   *
   * @throws ProblemError 400, 401, 429, 500, 503
   */
  async listUsers(options: ListUsersOptions = {}): Promise<People> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${this.#site}/users`,
        query: { query: options.query, state: options.state, cursor: options.cursor, limit: options.limit },
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as People;
  }

  /**
   * Import people who have linked Telegram elsewhere, with the same bot
   *
   * At most 500 rows in a request, and at most 256 KB. The people are told nothing. A row adds what is new and takes nothing back; a wrong row does not stop the others. The same request may be sent again at any time: it does what is missing. It also works while the site is switched off.
   *
   * @throws ProblemError 400, 401, 409, 412, 413, 415, 429, 500, 503
   */
  async importUsers(body: ImportBody, options: CallOptions = {}): Promise<ImportAnswer> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/users/import`,
        body,
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as ImportAnswer;
  }

  /**
   * Make a link with which a user links Telegram
   *
   * Show the link, or its QR code, to the user who is logged in to the site, and below it the line `startCommand`: Telegram Desktop now and then opens the bot without the token of the link, and then this line does it. It works once, for 24 hours or for the time given. A user who has a chat already gets one more, up to five; the chats that are there are told.
   *
   * @throws ProblemError 400, 401, 403, 409, 412, 413, 415, 429, 500, 503
   */
  async createLink(userId: string, body: LinkBody = {}, options: CallOptions = {}): Promise<LinkToken> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/users/${pathId(userId)}/link`,
        body,
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as LinkToken;
  }

  /**
   * End the link to one chat, or all links of a user
   *
   * Names, switches, opt-outs and the log stay. Without `chat`, links that nobody has used yet stop working too.
   *
   * @throws ProblemError 400, 401, 404, 412, 429, 500, 503
   */
  async unlinkUser(userId: string, options: UnlinkUserOptions = {}): Promise<void> {
    await this.#connection.send({
      method: 'DELETE',
      path: `/v1/sites/${this.#site}/users/${pathId(userId)}/link`,
      query: { chat: options.chat },
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    });
  }

  /**
   * Link a user with what Telegram's login widget gave
   *
   * Send all fields of the widget as they came: Telegram has signed them. `groups`, a list, is ours, and no part of what is signed: the person's user groups, for a welcome that is for some groups only.
   *
   * @throws ProblemError 400, 401, 403, 409, 412, 413, 415, 429, 500, 503
   */
  async linkByLoginWidget(userId: string, body: LoginWidgetBody, options: CallOptions = {}): Promise<User> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/users/${pathId(userId)}/telegram-login`,
        body,
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as User;
  }

  /**
   * The state of a user and of their link
   *
   * @throws ProblemError 400, 401, 404, 429, 500, 503
   */
  async getUser(userId: string, options: CallOptions = {}): Promise<User> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${this.#site}/users/${pathId(userId)}`,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as User;
  }

  /**
   * Opt a user out or in, mute events, set quiet hours, note consent to advertising, correct names, language and time zone
   *
   * What is absent stays as it is; `null` removes a name. `by` says who opts out or in: `person` where the person ticked it themself on the site, which also works before they link. The opt-out of a person is taken back only by them.
   *
   * @throws ProblemError 400, 401, 404, 409, 412, 413, 415, 429, 500, 503
   */
  async changeUser(userId: string, body: UserPatch, options: CallOptions = {}): Promise<User> {
    return (
      await this.#connection.send({
        method: 'PATCH',
        path: `/v1/sites/${this.#site}/users/${pathId(userId)}`,
        body,
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as User;
  }

  /**
   * Erase all that is held about a user (GDPR, article 17)
   *
   * @throws ProblemError 400, 401, 404, 412, 429, 500, 503
   */
  async eraseUser(userId: string, options: CallOptions = {}): Promise<Erased> {
    return (
      await this.#connection.send({
        method: 'DELETE',
        path: `/v1/sites/${this.#site}/users/${pathId(userId)}`,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as Erased;
  }

  /**
   * All that is kept about a user (GDPR, articles 15 and 20)
   *
   * Also works while the site is off. An answer has at most 4,000 deliveries of the log. Where there are more, it has a `cursor`: ask again with it for the next ones; the other parts are the same in each answer. Messages that are on their way in a queue are in the log after their first attempt.
   *
   * @throws ProblemError 400, 401, 404, 429, 500, 503
   */
  async exportUser(userId: string, options: ExportUserOptions = {}): Promise<UserExport> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${this.#site}/users/${pathId(userId)}/export`,
        query: { cursor: options.cursor },
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as UserExport;
  }

  /**
   * Give a user another id
   *
   * They keep chats, switches, opt-outs, log and what is scheduled. The same request may be sent again.
   *
   * @throws ProblemError 400, 401, 404, 409, 412, 413, 415, 429, 500, 503
   */
  async renameUser(userId: string, body: RenameBody, options: CallOptions = {}): Promise<void> {
    await this.#connection.send({
      method: 'POST',
      path: `/v1/sites/${this.#site}/users/${pathId(userId)}/rename`,
      body,
      repeatable: false,
      ...(options.signal && { signal: options.signal }),
    });
  }

  /**
   * Who changed what on a site
   *
   * The newest first, kept for a year: settings, keys, the bot and templates, and the making and the end of the site. With a key of the site, its own changes; with that of the platform, those of each site that has had the id, also after it was deleted. Never a secret, no text of a template, and nothing about people.
   *
   * @throws ProblemError 400, 401, 404, 429, 500, 503
   */
  async listChanges(options: ListChangesOptions = {}): Promise<Audit> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${this.#site}/audit`,
        query: { cursor: options.cursor, limit: options.limit },
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as Audit;
  }

  /**
   * The settings of a site
   *
   * With a key of the site, or with that of the platform.
   *
   * @throws ProblemError 400, 401, 404, 429, 500, 503
   */
  async getSite(options: CallOptions = {}): Promise<Tagged<Site>> {
    return (await this.#connection.send({
      method: 'GET',
      path: `/v1/sites/${this.#site}`,
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<Site>;
  }

  /**
   * Change settings
   *
   * With a key of the site: any of its settings. With the key of the platform: `moduleActive` alone. What is absent stays as it is. All of it is changed, or nothing.
   *
   * @throws ProblemError 400, 401, 404, 412, 413, 415, 429, 500, 503
   */
  async changeSite(
    body: SettingsPatch | ModulePatch,
    options: ChangeSiteOptions = {},
  ): Promise<Tagged<ChangedSettings>> {
    return (await this.#connection.send({
      method: 'PATCH',
      path: `/v1/sites/${this.#site}`,
      headers: { 'if-match': options.ifMatch },
      body,
      repeatable: false,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<ChangedSettings>;
  }

  /**
   * Save the bot of a site
   *
   * Telegram is asked whose token it is; webhook, commands and descriptions are set; the token is kept encrypted and never shown again. After a change to another bot its users have to start that one. A bot belongs to one site: where another site has it, or where its webhook leads to another program, the answer is 409 with a `code`, unless `takeOver` is true. The site that loses it shows the problem `bot-taken-over` and sends nothing more with it.
   *
   * @throws ProblemError 400, 401, 409, 412, 413, 415, 429, 500, 502, 503
   */
  async putBot(body: BotBody, options: PutBotOptions = {}): Promise<Tagged<Site>> {
    return (await this.#connection.send({
      method: 'PUT',
      path: `/v1/sites/${this.#site}/bot`,
      headers: { 'if-match': options.ifMatch, 'if-none-match': options.ifNoneMatch },
      body,
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<Site>;
  }

  /**
   * Set the bot's picture, such as the shop's logo
   *
   * Telegram shows it beside the name of the bot, round. It is not kept here.
   *
   * @throws ProblemError 400, 401, 409, 412, 413, 415, 429, 500, 502, 503
   */
  async putBotPhoto(body: BotPhotoBody, options: CallOptions = {}): Promise<Tagged<Site>> {
    return (await this.#connection.send({
      method: 'PUT',
      path: `/v1/sites/${this.#site}/bot/photo`,
      body,
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<Site>;
  }

  /**
   * Test the connection ("Test Connessione")
   *
   * @throws ProblemError 400, 401, 412, 413, 415, 429, 500, 503
   */
  async testBot(options: CallOptions = {}): Promise<BotTest> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/bot/test`,
        body: {},
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as BotTest;
  }

  /**
   * Begin to get a bot without @BotFather
   *
   * The answer has the link with which a person opens the manager bot of this deployment, which then offers a button to make the bot. Only a bot that this person makes afterwards counts, and of several sites the one whose link they opened last. The token is fetched, and webhook, commands and descriptions are set, by themselves: ask for the state until it is `done` or `failed`. A link is valid for half an hour, once; a new one ends the one before.
   *
   * @throws ProblemError 400, 401, 404, 409, 412, 413, 415, 429, 500, 502, 503
   */
  async beginManagedBot(body: ManagedBotBody = {}, options: CallOptions = {}): Promise<ManagedBot> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/bot/managed`,
        body,
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as ManagedBot;
  }

  /**
   * How far it has come
   *
   * Where the setting up has died on the way, this goes on with it. A day after it was begun, the state is `none`.
   *
   * @throws ProblemError 401, 404, 429, 500, 503
   */
  async getManagedBot(options: CallOptions = {}): Promise<ManagedBot> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${this.#site}/bot/managed`,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as ManagedBot;
  }

  /**
   * Give it up
   *
   * The link is good for nothing from then on. A bot that the site has got by it stays.
   *
   * @throws ProblemError 401, 404, 412, 429, 500, 503
   */
  async giveUpManagedBot(options: CallOptions = {}): Promise<void> {
    await this.#connection.send({
      method: 'DELETE',
      path: `/v1/sites/${this.#site}/bot/managed`,
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    });
  }

  /**
   * Replace the bot's token
   *
   * For a bot that was made with the manager bot (`managed` in the site). The old token stops at once, and messages go out with the new one.
   *
   * @throws ProblemError 400, 401, 404, 409, 412, 413, 415, 429, 500, 502, 503
   */
  async renewBotToken(options: CallOptions = {}): Promise<Tagged<Site>> {
    return (await this.#connection.send({
      method: 'POST',
      path: `/v1/sites/${this.#site}/bot/renew`,
      body: {},
      repeatable: false,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<Site>;
  }

  /**
   * The kinds of templates, and their placeholders
   *
   * In Italian and English, with an example of each value as people read it. `mayBeMissing`: some events or people have no value, so a text puts it into a section, `{{#nome}} {{nome}}{{/nome}}`. It needs no key.
   *
   * @throws ProblemError 429, 500
   */
  async listPlaceholders(options: CallOptions = {}): Promise<Placeholders> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/placeholders`,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as Placeholders;
  }

  /**
   * All templates of a site
   *
   * @throws ProblemError 401, 429, 500, 503
   */
  async listTemplates(options: CallOptions = {}): Promise<Templates> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${this.#site}/templates`,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as Templates;
  }

  /**
   * Create a template
   *
   * Every language of the site needs a text. `statuses` are for `order-status` alone, and needed there. Without `enabled` it is enabled. The eleventh enabled template of a kind (of `order-status`: for a status) is refused.
   *
   * @throws ProblemError 400, 401, 409, 412, 413, 415, 429, 500, 503
   */
  async createTemplate(body: TemplateBody, options: CallOptions = {}): Promise<Tagged<SavedTemplate>> {
    return (await this.#connection.send({
      method: 'POST',
      path: `/v1/sites/${this.#site}/templates`,
      body,
      repeatable: false,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<SavedTemplate>;
  }

  /**
   * One template
   *
   * @throws ProblemError 400, 401, 404, 429, 500, 503
   */
  async getTemplate(templateId: string, options: CallOptions = {}): Promise<Tagged<Template>> {
    return (await this.#connection.send({
      method: 'GET',
      path: `/v1/sites/${this.#site}/templates/${pathId(templateId)}`,
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<Template>;
  }

  /**
   * Replace a template
   *
   * It keeps its id and the time of its creation. Without `enabled` it stays as it is. `"enabled": false` keeps the text and sends nothing. One more enabled than ten of a kind (of `order-status`: for a status) is refused.
   *
   * @throws ProblemError 400, 401, 404, 409, 412, 413, 415, 429, 500, 503
   */
  async replaceTemplate(
    templateId: string,
    body: TemplateBody,
    options: ReplaceTemplateOptions = {},
  ): Promise<Tagged<SavedTemplate>> {
    return (await this.#connection.send({
      method: 'PUT',
      path: `/v1/sites/${this.#site}/templates/${pathId(templateId)}`,
      headers: { 'if-match': options.ifMatch },
      body,
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<SavedTemplate>;
  }

  /**
   * Change some fields of a template
   *
   * JSON Merge Patch (RFC 7396): what is absent stays as it is, also the texts in other languages; `null` removes statuses, groups, a button, or the text in a language. The template must then be right as a whole.
   *
   * @throws ProblemError 400, 401, 404, 409, 412, 413, 415, 429, 500, 503
   */
  async changeTemplate(
    templateId: string,
    body: TemplatePatch,
    options: ChangeTemplateOptions = {},
  ): Promise<Tagged<SavedTemplate>> {
    return (await this.#connection.send({
      method: 'PATCH',
      path: `/v1/sites/${this.#site}/templates/${pathId(templateId)}`,
      headers: { 'if-match': options.ifMatch },
      body,
      repeatable: false,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<SavedTemplate>;
  }

  /**
   * Delete a template
   *
   * What was queued with it is still sent.
   *
   * @throws ProblemError 400, 401, 404, 412, 429, 500, 503
   */
  async deleteTemplate(templateId: string, options: DeleteTemplateOptions = {}): Promise<void> {
    await this.#connection.send({
      method: 'DELETE',
      path: `/v1/sites/${this.#site}/templates/${pathId(templateId)}`,
      headers: { 'if-match': options.ifMatch },
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    });
  }

  /**
   * The last versions of a template
   *
   * The 20 last ones, the newest first, which is the present one unless the template was deleted. `version` is the ETag of the template in that version. `at` and `by` are absent where an earlier release of this API has made the change. Of a deleted template the versions are kept for a year.
   *
   * @throws ProblemError 400, 401, 404, 429, 500, 503
   */
  async listTemplateVersions(templateId: string, options: CallOptions = {}): Promise<TemplateVersions> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${this.#site}/templates/${pathId(templateId)}/versions`,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as TemplateVersions;
  }

  /**
   * Restore a version of a template, or its default
   *
   * What is restored becomes the newest version. Whether the template is enabled stays as it is; with the default, so do its groups, and its texts in languages that the default does not have. A deleted template is there again as it was in that version.
   *
   * @throws ProblemError 400, 401, 404, 409, 412, 413, 415, 429, 500, 503
   */
  async restoreTemplate(
    templateId: string,
    body: RestoreBody,
    options: RestoreTemplateOptions = {},
  ): Promise<Tagged<SavedTemplate>> {
    return (await this.#connection.send({
      method: 'POST',
      path: `/v1/sites/${this.#site}/templates/${pathId(templateId)}/restore`,
      headers: { 'if-match': options.ifMatch },
      body,
      repeatable: false,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<SavedTemplate>;
  }

  /**
   * Render a draft with sample values
   *
   * Nothing is stored and nothing is sent. `values` take the place of the sample values; `null` shows the message without one.
   *
   * @throws ProblemError 400, 401, 412, 413, 415, 429, 500, 503
   */
  async previewTemplate(body: PreviewBody, options: CallOptions = {}): Promise<Previews> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/templates/preview`,
        body,
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as Previews;
  }

  /**
   * Send a draft to one user, as a test, before it is saved
   *
   * What the preview takes, and who gets it. Nothing is stored. With sample values and the user's own names. The log marks it as a test.
   *
   * @throws ProblemError 400, 401, 403, 409, 412, 413, 415, 429, 500, 503
   */
  async testDraft(body: DraftTestBody, options: CallOptions = {}): Promise<TestSent> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/templates/test`,
        body,
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as TestSent;
  }

  /**
   * Send a template to one user, as a test
   *
   * With sample values and the user's own names, enabled or not. The log marks it as a test.
   *
   * @throws ProblemError 400, 401, 403, 404, 409, 412, 413, 415, 429, 500, 503
   */
  async testTemplate(templateId: string, body: TestBody, options: CallOptions = {}): Promise<TestSent> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/templates/${pathId(templateId)}/test`,
        body,
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as TestSent;
  }

  /**
   * The log, newest first
   *
   * As JSON, or with `Accept: text/csv` as a file for a spreadsheet, in Italian or English (`Accept-Language`). A page has at most `limit` deliveries. Where the answer has a `cursor`, there are more: ask again with it and the same parameters. New deliveries move no page. With `event` or `status` a page may be short, or empty, and still have a `cursor`. A delivery that is tried again moves to the time of its last attempt. Deliveries are kept 90 days. What is still to come is shown with `status=scheduled` only, in no order of time. A file has the separator `;`, the encoding UTF-8 with a byte order mark, times of the site as `YYYY-MM-DD hh:mm:ss`, and an apostrophe before a text that a spreadsheet would take for a formula or a number; where there is more, the header `Link` leads to the next file.
   *
   * @throws ProblemError 400, 401, 406, 429, 500, 503
   */
  async listDeliveries(options: ListDeliveriesOptions = {}): Promise<Deliveries> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${this.#site}/deliveries`,
        query: {
          userId: options.userId,
          eventId: options.eventId,
          event: options.event,
          status: options.status,
          from: options.from,
          to: options.to,
          totals: options.totals,
          cursor: options.cursor,
          limit: options.limit,
        },
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as Deliveries;
  }

  /**
   * The log, newest first
   *
   * As JSON, or with `Accept: text/csv` as a file for a spreadsheet, in Italian or English (`Accept-Language`). A page has at most `limit` deliveries. Where the answer has a `cursor`, there are more: ask again with it and the same parameters. New deliveries move no page. With `event` or `status` a page may be short, or empty, and still have a `cursor`. A delivery that is tried again moves to the time of its last attempt. Deliveries are kept 90 days. What is still to come is shown with `status=scheduled` only, in no order of time. A file has the separator `;`, the encoding UTF-8 with a byte order mark, times of the site as `YYYY-MM-DD hh:mm:ss`, and an apostrophe before a text that a spreadsheet would take for a formula or a number; where there is more, the header `Link` leads to the next file.
   *
   * @throws ProblemError 400, 401, 406, 429, 500, 503
   */
  async listDeliveriesAsCsv(options: ListDeliveriesAsCsvOptions = {}): Promise<string> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${this.#site}/deliveries`,
        query: {
          userId: options.userId,
          eventId: options.eventId,
          event: options.event,
          status: options.status,
          from: options.from,
          to: options.to,
          totals: options.totals,
          cursor: options.cursor,
          limit: options.limit,
        },
        accept: 'text/csv',
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as string;
  }

  /**
   * One delivery
   *
   * @throws ProblemError 400, 401, 404, 429, 500, 503
   */
  async getDelivery(deliveryId: string, options: CallOptions = {}): Promise<Delivery> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${this.#site}/deliveries/${pathId(deliveryId)}`,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as Delivery;
  }

  /**
   * What is still to come
   *
   * Carts and reminders that wait for their time, and messages that wait for their turn, with why and until when; one line for each person, in no order of time. A page may be short, or empty, and still have a `cursor`.
   *
   * @throws ProblemError 400, 401, 429, 500, 503
   */
  async listScheduled(options: ListScheduledOptions = {}): Promise<ScheduledPage> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${this.#site}/scheduled`,
        query: { userId: options.userId, event: options.event, cursor: options.cursor, limit: options.limit },
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as ScheduledPage;
  }

  /**
   * How much was sent, by day
   *
   * Counted by day of the site's time zone and by event, each outcome on the day on which it was recorded. Tests of templates do not count. An answer has at most 366 days; the counts are kept for two years.
   *
   * @throws ProblemError 400, 401, 429, 500, 503
   */
  async getStatistics(options: GetStatisticsOptions = {}): Promise<Statistics> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${this.#site}/statistics`,
        query: { from: options.from, to: options.to },
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as Statistics;
  }

  /**
   * Sends a message of the log once more
   *
   * With the same text, to where the person can be reached now; whether they still want it is looked at again. The message gets a line of its own in the log. The same request again does nothing while the message is on its way, and for a minute after. A message can be sent again for 7 days (`resendableUntil`), and 10 times. Where no message was made (`never-rendered`), report the event again with the same `eventId`.
   *
   * @throws ProblemError 400, 401, 403, 404, 409, 410, 412, 413, 415, 429, 500, 503
   */
  async resendDelivery(deliveryId: string, options: CallOptions = {}): Promise<Resent> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/deliveries/${pathId(deliveryId)}/resend`,
        body: {},
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as Resent;
  }

  /**
   * The webhook, and its last calls
   *
   * The `ETag` is that of what was saved: calls, pauses and problems do not change it, so a 304 says nothing of them.
   *
   * @throws ProblemError 400, 401, 404, 429, 500, 503
   */
  async getWebhook(options: CallOptions = {}): Promise<Tagged<Webhook>> {
    return (await this.#connection.send({
      method: 'GET',
      path: `/v1/sites/${this.#site}/webhook`,
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<Webhook>;
  }

  /**
   * Have the shop's own system told what happens
   *
   * What happens is sent as [Standard Webhooks](https://www.standardwebhooks.com/): headers `webhook-id`, `webhook-timestamp`, `webhook-signature`; body `{ "type", "timestamp", "data" }`. The answer has a new `secret`, shown this once; the former one stays valid for a day, and calls carry the signatures of both. At most four are valid at once: a fifth ends the oldest at once, although another `validUntil` was shown for it; `secrets` of the answer has those that are left. With `keepSecret` it stays as it is. What is not taken (2xx, within 10 seconds) is tried again for a day, after growing pauses. An endpoint that answers 410, or has taken nothing for five days, is switched off, with a `problem`; saving it again switches it on, and what still waits is told. docs/webhooks.md has every event, and code that checks a signature.
   *
   * @throws ProblemError 400, 401, 412, 413, 415, 429, 500, 503
   */
  async putWebhook(body: WebhookBody, options: PutWebhookOptions = {}): Promise<Tagged<SavedWebhook>> {
    return (await this.#connection.send({
      method: 'PUT',
      path: `/v1/sites/${this.#site}/webhook`,
      headers: { 'if-match': options.ifMatch, 'if-none-match': options.ifNoneMatch },
      body,
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<SavedWebhook>;
  }

  /**
   * Tell nothing any more
   *
   * What waits is dropped. Without a webhook the answer is 204 too.
   *
   * @throws ProblemError 400, 401, 412, 429, 500, 503
   */
  async deleteWebhook(options: DeleteWebhookOptions = {}): Promise<void> {
    await this.#connection.send({
      method: 'DELETE',
      path: `/v1/sites/${this.#site}/webhook`,
      headers: { 'if-match': options.ifMatch },
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    });
  }

  /**
   * Call the endpoint once, now
   *
   * It gets `{ "type": "webhook.test", "timestamp": …, "data": { "siteId": … } }`, signed like everything else. It is called once, also where it is switched off.
   *
   * @throws ProblemError 400, 401, 404, 412, 413, 415, 429, 500, 503
   */
  async testWebhook(options: CallOptions = {}): Promise<WebhookTest> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${this.#site}/webhook/test`,
        body: {},
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as WebhookTest;
  }
}

/** What the key of the platform opens: every site, but little of each. */
export class PlatformClient {
  readonly #connection: Connection;

  constructor(options: ConnectionOptions) {
    this.#connection = new Connection(options);
  }

  /**
   * All sites, or those that are found
   *
   * `query`: beginnings of words of the id, the name, the address or the username of the bot, in capital letters or not, with accents or not; a site is found if it has each of them. Without it, all sites in the order of their ids.
   *
   * @throws ProblemError 400, 401, 429, 500, 503
   */
  async listSites(options: ListSitesOptions = {}): Promise<SiteList> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites`,
        query: { query: options.query, cursor: options.cursor, limit: options.limit },
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as SiteList;
  }

  /**
   * Who changed what on a site
   *
   * The newest first, kept for a year: settings, keys, the bot and templates, and the making and the end of the site. With a key of the site, its own changes; with that of the platform, those of each site that has had the id, also after it was deleted. Never a secret, no text of a template, and nothing about people.
   *
   * @throws ProblemError 400, 401, 404, 429, 500, 503
   */
  async listChanges(siteId: string, options: ListChangesOptions = {}): Promise<Audit> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${pathId(siteId)}/audit`,
        query: { cursor: options.cursor, limit: options.limit },
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as Audit;
  }

  /**
   * Create a site, rename it, move it, switch its module on or off
   *
   * Switching the module off keeps everything; nothing is sent until it is on again. With another host in `url` the shop moves: links of events may be on the former host for 90 days, and all that is sent from now on is written with the new one.
   *
   * @throws ProblemError 400, 401, 409, 412, 413, 415, 429, 500, 503
   */
  async putSite(
    siteId: string,
    body: SiteBody,
    options: PutSiteOptions = {},
  ): Promise<Tagged<ChangedSite | NewSite>> {
    return (await this.#connection.send({
      method: 'PUT',
      path: `/v1/sites/${pathId(siteId)}`,
      headers: { 'if-match': options.ifMatch, 'if-none-match': options.ifNoneMatch },
      body,
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<ChangedSite | NewSite>;
  }

  /**
   * The settings of a site
   *
   * With a key of the site, or with that of the platform.
   *
   * @throws ProblemError 400, 401, 404, 429, 500, 503
   */
  async getSite(siteId: string, options: CallOptions = {}): Promise<Tagged<Site>> {
    return (await this.#connection.send({
      method: 'GET',
      path: `/v1/sites/${pathId(siteId)}`,
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<Site>;
  }

  /**
   * Change settings
   *
   * With a key of the site: any of its settings. With the key of the platform: `moduleActive` alone. What is absent stays as it is. All of it is changed, or nothing.
   *
   * @throws ProblemError 400, 401, 404, 412, 413, 415, 429, 500, 503
   */
  async changeSite(
    siteId: string,
    body: SettingsPatch | ModulePatch,
    options: ChangeSiteOptions = {},
  ): Promise<Tagged<ChangedSettings>> {
    return (await this.#connection.send({
      method: 'PATCH',
      path: `/v1/sites/${pathId(siteId)}`,
      headers: { 'if-match': options.ifMatch },
      body,
      repeatable: false,
      ...(options.signal && { signal: options.signal }),
    })) as Tagged<ChangedSettings>;
  }

  /**
   * Erase a site with all that belongs to it
   *
   * The site is shut at once: its keys are answered 401 like those of an unknown site, nothing more is sent for it, the webhook of its bot is removed, and other sites may have the bot. Its rows in all tables are gone within a day; until then `PUT` of the same id is answered 409. What is in queues is dropped. The same request again is answered 204 too, for 40 days.
   *
   * @throws ProblemError 400, 401, 404, 412, 429, 500, 503
   */
  async deleteSite(siteId: string, options: DeleteSiteOptions = {}): Promise<void> {
    await this.#connection.send({
      method: 'DELETE',
      path: `/v1/sites/${pathId(siteId)}`,
      headers: { 'if-match': options.ifMatch },
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    });
  }

  /**
   * The ids of the valid keys of a site, the oldest first
   *
   * @throws ProblemError 401, 404, 429, 500, 503
   */
  async listKeys(siteId: string, options: CallOptions = {}): Promise<Keys> {
    return (
      await this.#connection.send({
        method: 'GET',
        path: `/v1/sites/${pathId(siteId)}/keys`,
        repeatable: true,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as Keys;
  }

  /**
   * Make a second key
   *
   * Both are valid until the old one is deleted: so keys are changed without a gap. `name` is what the audit calls it, such as the system that uses it.
   *
   * @throws ProblemError 400, 401, 404, 409, 412, 413, 415, 429, 500, 503
   */
  async createKey(siteId: string, body: KeyBody = {}, options: CallOptions = {}): Promise<NewKey> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${pathId(siteId)}/keys`,
        body,
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as NewKey;
  }

  /**
   * Make a link that signs in to the site's console
   *
   * For a click of the merchant in the back office of the platform: open `url` in their browser at once. It is good for ten minutes, and once. Whoever has it is signed in for eight hours, or until the key that made it is no longer valid: do not send it by mail.
   *
   * @throws ProblemError 401, 404, 412, 429, 500, 503
   */
  async createConsoleLink(siteId: string, options: CallOptions = {}): Promise<ConsoleLink> {
    return (
      await this.#connection.send({
        method: 'POST',
        path: `/v1/sites/${pathId(siteId)}/console-links`,
        repeatable: false,
        ...(options.signal && { signal: options.signal }),
      })
    ).value as ConsoleLink;
  }

  /**
   * Make a key invalid
   *
   * @throws ProblemError 400, 401, 404, 409, 412, 429, 500, 503
   */
  async deleteKey(siteId: string, keyId: string, options: CallOptions = {}): Promise<void> {
    await this.#connection.send({
      method: 'DELETE',
      path: `/v1/sites/${pathId(siteId)}/keys/${pathId(keyId)}`,
      repeatable: true,
      ...(options.signal && { signal: options.signal }),
    });
  }
}
