import { element } from './view.js';

const START = [{ command: 'start', description: 'Start' }];

/** The bot's commands, in the language of the person's Telegram if the bot has set them for it. */
export function showCommands(place, { bot, entry, onChoose }) {
  const own = bot?.commandsByLanguage[entry.person.language_code];
  const commands = own ?? bot?.commands ?? [];
  place.hidden = entry.blocked;
  place.replaceChildren(
    ...(commands.length === 0 ? START : commands).map(({ command, description }) => {
      const chip = element(
        'button',
        { type: 'button', className: 'chip', title: description },
        `/${command}`,
      );
      chip.addEventListener('click', () => onChoose(`/${command}`));
      return chip;
    }),
  );
}
