import { startIn } from './start-link.js';
import { element } from './view.js';

/** The dialogs: a new person, emptying the chats, and alerts that a bot shows. */
export function startDialogs({ ask, usedIds }) {
  const find = (id) => document.getElementById(id);
  const personDialog = find('person-dialog');
  const form = find('person-form');
  const fields = form.elements;

  find('new-person').addEventListener('click', async () => {
    // Asked each time: a shop may have saved a bot since.
    const bots = await ask('/emulator/bots');
    form.reset();
    find('person-error').textContent = '';
    fields.chat_id.value = String(Math.max(1000, ...usedIds()) + 1);
    find('person-bot').replaceChildren(
      ...bots.map((bot) => element('option', { value: bot.username }, `@${bot.username}${ownersOf(bot)}`)),
    );
    personDialog.showModal();
  });

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const chatId = fields.chat_id.value;
    const from = {
      first_name: fields.first_name.value.trim(),
      last_name: fields.last_name.value.trim(),
      language_code: fields.language_code.value,
    };
    const link = startIn(fields.payload.value);
    const bot = link?.bot ?? fields.bot.value;
    const text = `/start ${link?.payload ?? fields.payload.value}`.trim();
    try {
      await ask(`/emulator/chats/${chatId}/send`, { text, from, bot });
      personDialog.close();
      location.hash = `#/${chatId}/${bot}`;
    } catch (error) {
      find('person-error').textContent = error.message;
    }
  });
  find('person-cancel').addEventListener('click', () => personDialog.close());

  find('reset').addEventListener('click', () => find('reset-dialog').showModal());
  find('reset-cancel').addEventListener('click', () => find('reset-dialog').close());
  find('reset-confirm').addEventListener('click', async () => {
    await ask('/emulator/reset', {});
    find('reset-dialog').close();
  });

  find('alert-ok').addEventListener('click', () => find('alert-dialog').close());
}

/**
 * Where a person confirms a new bot, as in Telegram: both names can be changed.
 *
 * @returns a function that opens the dialog for a link.
 */
export function newBotDialog({ ask, ownerId, onMade }) {
  const dialog = document.getElementById('new-bot-dialog');
  const form = document.getElementById('new-bot-form');
  const problem = document.getElementById('new-bot-error');
  let manager;
  document.getElementById('new-bot-cancel').addEventListener('click', () => dialog.close());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const [username, name] = [form.elements.username.value.trim(), form.elements.name.value.trim()];
    try {
      const bot = await ask('/emulator/newbot', { manager, username, name, from: ownerId() });
      dialog.close();
      onMade(bot);
    } catch (error) {
      problem.textContent = error.message;
    }
  });
  return (link) => {
    manager = link.manager;
    form.elements.username.value = link.username;
    form.elements.name.value = link.name;
    problem.textContent = '';
    dialog.showModal();
  };
}

/** Whose bot it is; nothing where the emulator knows no sites. */
function ownersOf({ sites, can_manage_bots: isManager }) {
  if (isManager) return ', with which people make bots';
  if (!sites) return '';
  return sites.length > 0 ? ` of the site ${sites.join(', ')}` : ': no site has saved it yet';
}
