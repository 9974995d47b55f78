import { EVENT_NAMES, type EventName } from '../domain/events.ts';
import type { BotTexts } from '../i18n/bot-texts.ts';
import type { User } from '../store/users.ts';
import type { Keyboard } from '../telegram/client.ts';

/** What a pressed button asks for. */
export type ButtonAction = { kind: 'switch'; event: EventName; on: boolean } | { kind: 'again' };

const AGAIN = 'again';

/**
 * One button for each kind of event, with a check mark where it is on. A button names the state that it leads to, not a
 * turn: pressed twice in a hurry, or delivered twice, it leads there once.
 */
export function settingsKeyboard({ mutedEvents = [] }: Pick<User, 'mutedEvents'>, texts: BotTexts): Keyboard {
  return EVENT_NAMES.map((event) => {
    const isOn = !mutedEvents.includes(event);
    const mark = isOn ? '✅' : '⬜️';
    return [{ text: `${mark} ${texts.events[event]}`, callback_data: `${isOn ? 'off' : 'on'}:${event}` }];
  });
}

/** The one button that brings somebody back who has opted out. */
export function optInKeyboard(texts: BotTexts): Keyboard {
  return [[{ text: texts.againButton, callback_data: AGAIN }]];
}

/** The wish in a button's data; `undefined` for data that no button of ours holds. */
export function parseCallbackData(data: string): ButtonAction | undefined {
  if (data === AGAIN) return { kind: 'again' };
  const [state, name] = data.split(':');
  const event = EVENT_NAMES.find((known) => known === name);
  if (!event || data !== `${state}:${event}` || (state !== 'on' && state !== 'off')) return undefined;
  return { kind: 'switch', event, on: state === 'on' };
}
