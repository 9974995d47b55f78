import { clock, element, nameOf, paintAvatar, textOf } from './view.js';

/** The list on the left: newest chat first, each with its last message and its number of unread messages. */
export function renderChatList({ entries, isOpen, onChoose }) {
  const newestFirst = entries.toSorted((one, other) => lastDate(other) - lastDate(one));
  const seen = new Set();
  const rows = newestFirst.map((entry) => {
    const { id } = entry.chat;
    // A person who talks with several bots has a row for each.
    const testId = seen.has(id) ? `chat-${id}-${entry.bot}` : `chat-${id}`;
    seen.add(id);
    return element('li', {}, chatRow(entry, testId, isOpen(entry), onChoose));
  });
  document.getElementById('chat-list').replaceChildren(...rows);
  const unread = entries.reduce((sum, entry) => sum + entry.unread, 0);
  document.title = `${unread > 0 ? `(${unread}) ` : ''}Telegram, on this machine`;
}

function lastMessage(entry) {
  return [...entry.messages.values()].at(-1);
}

function lastDate(entry) {
  return lastMessage(entry)?.date ?? 0;
}

function chatRow(entry, testId, isOpen, onChoose) {
  const name = nameOf(entry.chat, entry.person);
  const last = lastMessage(entry);
  const avatar = element('span', { className: 'avatar', 'aria-hidden': 'true' });
  paintAvatar(avatar, entry.chat.id, name);
  const row = element(
    'button',
    { type: 'button', className: 'chat-row', 'data-testid': testId, 'data-bot': entry.bot },
    avatar,
    element('span', { className: 'row-name' }, name),
    element('span', { className: 'row-time' }, last === undefined ? '' : clock(last.date)),
    element('span', { className: 'row-preview' }, preview(last)),
    element('span', { className: 'row-bot' }, `@${entry.bot}${entry.blocked ? ', blocked' : ''}`),
  );
  if (entry.unread > 0) {
    const label = `${entry.unread} unread`;
    row.append(
      element('span', { className: 'unread', 'data-testid': 'unread', title: label }, String(entry.unread)),
    );
  }
  if (isOpen) row.setAttribute('aria-current', 'true');
  row.addEventListener('click', () => onChoose(entry));
  return row;
}

function preview(last) {
  if (last === undefined) return 'No messages yet';
  const text = textOf(last).replaceAll('\n', ' ').slice(0, 90);
  return last.from.is_bot ? text : `You: ${text}`;
}
