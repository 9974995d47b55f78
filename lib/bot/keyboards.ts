import { EVENT_NAMES, type EventName } from '../domain/events.ts';
import type { BotTexts } from '../i18n/bot-texts/index.ts';
import type { User } from '../store/users.ts';
import type { Keyboard } from '../telegram/client.ts';

/** What a tapped button stands for. */
export type ButtonAction = { kind: 'switch'; event: EventName; on: boolean } | { kind: 'opt-in' };

const OPT_IN_DATA = 'again';

/**
 * One button for each event, with a check mark where it is on. The data of a button says which state to set, not "the
 * other one": tapped twice in a hurry, or received twice, it has the same effect as once.
 */
export function settingsKeyboard({ mutedEvents = [] }: Pick<User, 'mutedEvents'>, texts: BotTexts): Keyboard {
  return EVENT_NAMES.map((event) => {
    const isOn = !mutedEvents.includes(event);
    const mark = isOn ? '✅' : '⬜️';
    return [{ text: `${mark} ${texts.events[event]}`, callback_data: `${isOn ? 'off' : 'on'}:${event}` }];
  });
}

/** The one button with which a person who has opted out opts in again. */
export function optInKeyboard(texts: BotTexts): Keyboard {
  return [[{ text: texts.againButton, callback_data: OPT_IN_DATA }]];
}

/** What the data of a button stands for; `undefined` for data that no button of ours has. */
export function parseCallbackData(data: string): ButtonAction | undefined {
  if (data === OPT_IN_DATA) return { kind: 'opt-in' };
  const [state, name] = data.split(':');
  const event = EVENT_NAMES.find((known) => known === name);
  if (!event || data !== `${state}:${event}` || (state !== 'on' && state !== 'off')) return undefined;
  return { kind: 'switch', event, on: state === 'on' };
}
