import { renderChatList } from './chat-list.js';
import { showCommands } from './commands.js';
import { newBotDialog, startDialogs } from './dialogs.js';
import { startSamples } from './samples.js';
import { newBotIn, startIn } from './start-link.js';
import { daySeparator, element, messageElement, nameOf, paintAvatar, sameDay } from './view.js';

/** The chats of the emulated people, as in their Telegram apps, updated live. */

const find = (id) => document.getElementById(id);
const log = find('log');
const composerInput = find('composer-input');

/** By `chatId/bot`: the emulator's data of the chat, its messages by id, and the number of unread ones. */
const chats = new Map();
const waitingKeys = new Map();
let bots = [];
let openKey;
let toastTimer;

const keyOf = (chatId, bot) => `${chatId}/${bot}`;

/** @throws {Error} with the emulator's message. */
async function ask(path, body) {
  const options =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `The emulator answered ${response.status}.`);
  return answer;
}

async function loadAll() {
  const [chatList, botList] = await Promise.all([ask('/emulator/chats'), ask('/emulator/bots')]);
  const entries = await Promise.all(chatList.map(loadEntry));
  bots = botList;
  const before = new Map(chats);
  chats.clear();
  for (const entry of entries) {
    const key = keyOf(entry.chat.id, entry.bot);
    const known = before.get(key);
    keepNewer(entry, known);
    chats.set(key, { ...entry, unread: known?.unread ?? 0 });
  }
  showList();
  showFromAddress();
}

async function loadEntry(entry) {
  const messages = await ask(`/emulator/chats/${entry.chat.id}/messages?bot=${entry.bot}`);
  const shown = messages.map((message) => withSound(message, entry.silent.includes(message.message_id)));
  return { ...entry, messages: new Map(shown.map((message) => [message.message_id, message])) };
}

/** A Message object does not say whether it came without a sound. */
function withSound(message, silent) {
  return silent ? { ...message, silent } : message;
}

/** The list lacks the messages that arrived while it was loading. */
function keepNewer(entry, known) {
  const newest = Math.max(0, ...entry.messages.keys());
  for (const [id, message] of known?.messages ?? []) {
    if (id > newest) entry.messages.set(id, message);
  }
}

function showList() {
  renderChatList({
    entries: [...chats.values()],
    isOpen: (entry) => keyOf(entry.chat.id, entry.bot) === openKey,
    onChoose: (entry) => {
      const key = keyOf(entry.chat.id, entry.bot);
      if (key === openKey) setView('chat');
      location.hash = `#/${key}`;
    },
  });
}

function setView(view) {
  document.body.dataset.view = view;
}

/** The address has the open chat in it, so that the browser's back button works. */
function showFromAddress() {
  const key = decodeURIComponent(location.hash.replace(/^#\//, ''));
  if (key === 'samples') return setView('samples');
  const entry = chats.get(key);
  if (entry !== undefined) return openChat(key, entry);
  setView('list');
  if (openKey !== undefined && !chats.has(openKey)) closeChat();
}

function closeChat() {
  openKey = undefined;
  find('open-chat').hidden = true;
  find('no-chat').hidden = false;
}

function openChat(key, entry) {
  const isOther = key !== openKey;
  openKey = key;
  entry.unread = 0;
  find('no-chat').hidden = true;
  find('open-chat').hidden = false;
  setView('chat');
  showHeader(entry);
  showMessages(entry);
  showList();
  if (!isOther) return;
  composerInput.value = '';
  find('toast').hidden = true;
  if (matchMedia('(min-width: 760px)').matches) composerInput.focus({ preventScroll: true });
}

function showHeader(entry) {
  const name = nameOf(entry.chat, entry.person);
  find('person-name').textContent = name;
  find('person-details').textContent = `chat ${entry.chat.id} with @${entry.bot}`;
  paintAvatar(find('person-avatar'), entry.chat.id, name);
  log.setAttribute('aria-label', `Messages of ${name}`);
  find('composer-label').textContent = `Write as ${name}`;
  composerInput.placeholder = `Write as ${entry.person.first_name}`;
  const block = find('block');
  block.textContent = entry.blocked ? 'Unblock bot' : 'Block bot';
  block.classList.toggle('danger', !entry.blocked);
  find('composer').hidden = entry.blocked;
  find('blocked-note').hidden = !entry.blocked;
  find('blocked-note').textContent = `${entry.person.first_name} has blocked this bot: it can't write here.`;
  const bot = bots.find((candidate) => candidate.username === entry.bot);
  showCommands(find('commands'), { bot, entry, onChoose: write });
}

function showMessages(entry) {
  log.replaceChildren();
  for (const message of entry.messages.values()) appendMessage(message);
  if (entry.messages.size === 0) {
    log.append(
      element('div', { className: 'day' }, element('span', { className: 'pill' }, 'No messages yet')),
    );
  }
  scrollToEnd();
}

function appendMessage(message) {
  const previous = log.lastElementChild;
  if (previous?.dataset.date === undefined) log.replaceChildren();
  const previousDate = Number(previous?.dataset.date ?? 0);
  if (!sameDay(previousDate, message.date)) log.append(daySeparator(message.date));
  const made = madeFrom(message);
  log.append(made);
  return made;
}

function madeFrom(message) {
  const made = messageElement(message, (button, key) => tapButton(message, button, key));
  made.dataset.date = String(message.date);
  return made;
}

const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;

function scrollToEnd() {
  log.scrollTop = log.scrollHeight;
  find('to-bottom').hidden = true;
}

function onMessage(key, entry, event) {
  const known = entry.messages.get(event.message.message_id);
  const message = withSound(event.message, event.silent ?? known?.silent);
  const isNew = known === undefined;
  entry.messages.set(message.message_id, message);
  const isOpen = key === openKey;
  const isSeen = isOpen && document.body.dataset.view !== 'list' && !document.hidden;
  if (isNew && message.from.is_bot && !isSeen) entry.unread += 1;
  showList();
  if (!isOpen) return;
  const wasAtEnd = isAtEnd();
  if (isNew) appendMessage(message).classList.add('arriving');
  else elementOf(message.message_id)?.replaceWith(madeFrom(message));
  if (wasAtEnd || !message.from.is_bot) scrollToEnd();
  else find('to-bottom').hidden = false;
}

function elementOf(messageId) {
  return log.querySelector(`[data-message-id="${Number(messageId)}"]`);
}

async function onEvent(event) {
  if (event.type === 'reset') chats.clear();
  if (event.type === 'reset' || event.type === 'chat') return loadAll();
  const chatId = event.message?.chat.id ?? event.query?.message.chat.id ?? event.chatId;
  const key = keyOf(chatId, event.bot);
  const entry = chats.get(key);
  if (entry === undefined) return loadAll();
  if (event.type === 'message' || event.type === 'edited') onMessage(key, entry, event);
  if (event.type === 'deleted') {
    entry.messages.delete(event.messageId);
    if (key === openKey) showMessages(entry);
    showList();
  }
  if (event.type === 'callback-answer') onCallbackAnswer(event);
}

function onCallbackAnswer({ query, text, showAlert }) {
  waitingKeys.get(query.id)?.classList.remove('waiting');
  waitingKeys.delete(query.id);
  if (text === '') return;
  if (!showAlert) return showToast(text);
  find('alert-text').textContent = text;
  find('alert-dialog').showModal();
}

function showToast(text) {
  const toast = find('toast');
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    toast.hidden = true;
  }, 4000);
}

async function tapButton(message, button, key) {
  if (button.copy_text) return copyText(button.copy_text.text);
  key.classList.add('waiting');
  try {
    const query = await ask(`/emulator/chats/${message.chat.id}/press`, {
      messageId: message.message_id,
      data: button.callback_data,
    });
    waitingKeys.set(query.id, key);
    setTimeout(() => key.classList.remove('waiting'), 5000);
  } catch (error) {
    key.classList.remove('waiting');
    showToast(error.message);
  }
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    showToast(`Copied: ${text}`);
  } catch {
    showToast(`To copy: ${text}`);
  }
}

async function write(text) {
  const entry = chats.get(openKey);
  if (entry === undefined || text.trim() === '') return;
  const newBot = newBotIn(text);
  if (newBot) return confirmBot(newBot);
  // A link to a bot is opened as in Telegram: the person presses Start there.
  const link = startIn(text);
  const sent = link ? { text: `/start ${link.payload}`.trim(), bot: link.bot } : { text, bot: entry.bot };
  try {
    await ask(`/emulator/chats/${entry.chat.id}/send`, sent);
    if (link) location.hash = `#/${keyOf(entry.chat.id, link.bot)}`;
  } catch (error) {
    showToast(error.message);
  }
}

async function turnBlock() {
  const entry = chats.get(openKey);
  if (entry === undefined) return;
  const action = entry.blocked ? 'unblock' : 'block';
  await ask(`/emulator/chats/${entry.chat.id}/${action}`, { bot: entry.bot }).catch((error) =>
    showToast(error.message),
  );
}

function listen() {
  const connection = find('connection');
  const events = new EventSource('/emulator/events');
  events.addEventListener('open', () => {
    connection.textContent = 'live';
    connection.dataset.state = 'live';
    loadAll().catch((error) => showToast(error.message));
  });
  events.addEventListener('error', () => {
    connection.textContent = 'reconnecting…';
    connection.dataset.state = 'lost';
  });
  events.addEventListener('message', (event) => onEvent(JSON.parse(event.data)));
}

find('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  write(composerInput.value);
  composerInput.value = '';
});
composerInput.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  find('composer').requestSubmit();
});
find('block').addEventListener('click', turnBlock);
find('to-bottom').addEventListener('click', scrollToEnd);
log.addEventListener('scroll', () => {
  if (isAtEnd()) find('to-bottom').hidden = true;
});
find('back').addEventListener('click', () => {
  location.hash = '#/';
});
find('show-samples').addEventListener('click', () => {
  location.hash = '#/samples';
});
find('hide-samples').addEventListener('click', () => {
  location.hash = openKey === undefined ? '#/' : `#/${openKey}`;
});
addEventListener('hashchange', showFromAddress);

const confirmBot = newBotDialog({
  ask,
  ownerId: () => chats.get(openKey)?.person.id,
  onMade: (bot) => showToast(`@${bot.username} was made.`),
});
/** Links that Telegram handles itself open no page. */
log.addEventListener('click', (event) => {
  const newBot = newBotIn(event.target.closest('a')?.href ?? '');
  if (!newBot) return;
  event.preventDefault();
  confirmBot(newBot);
});

startDialogs({ ask, usedIds: () => [...chats.values()].map((entry) => entry.chat.id) });
startSamples();
listen();
