/**
 * Makes elements from the emulator's data. Messages are written by others: their text becomes text nodes only, and a
 * link only if its address is of a kind that is safe to open.
 */

const INLINE_TAGS = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  spoiler: 'span',
  custom_emoji: 'span',
  date_time: 'time',
};

/** What Telegram finds in a text, but for addresses. */
const FOUND = ['mention', 'bot_command', 'hashtag', 'cashtag', 'phone_number', 'bank_card_number'];

/** Makes an element: properties by name, `data-*`, `aria-*` and `role` as attributes, then children. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    if (name.includes('-') || name === 'role') made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

const BLOCKS = ['blockquote', 'expandable_blockquote', 'pre'];

/** The text of a message with its formatting: entities may be nested. */
function formattedText(text, entities = []) {
  const sorted = [...entities].sort((one, other) => one.offset - other.offset || other.length - one.length);
  return renderRange(text, sorted, 0, text.length);
}

function renderRange(text, entities, start, end) {
  const fragment = document.createDocumentFragment();
  let position = start;
  let rest = entities;
  while (rest.length > 0) {
    const [entity, ...others] = rest;
    const from = Math.max(entity.offset, position);
    const to = Math.min(entity.offset + entity.length, end);
    const inside = others.filter((other) => other.offset < to);
    rest = others.filter((other) => other.offset >= to);
    if (to <= from) continue;
    fragment.append(text.slice(position, from));
    const made = entityElement(entity, text.slice(from, to));
    (made.querySelector('code') ?? made).append(renderRange(text, inside, from, to));
    fragment.append(made);
    // A block element ends its line: the line break after it would show as one more empty line.
    const endsLine = BLOCKS.includes(entity.type) && text[to] === '\n' && to < end;
    position = endsLine ? to + 1 : to;
  }
  fragment.append(text.slice(position, end));
  return fragment;
}

function entityElement(entity, covered) {
  if (entity.type === 'text_link') return safeLink(entity.url) ?? element('span');
  if (entity.type === 'pre') {
    const code = element('code', { 'data-language': entity.language });
    return element('pre', {}, code);
  }
  if (entity.type === 'blockquote') return element('blockquote');
  if (entity.type === 'expandable_blockquote') return expandable();
  if (entity.type === 'spoiler') return spoiler();
  if (entity.type === 'text_mention') {
    return element('span', { className: 'mention', title: `user ${entity.user?.id ?? ''}` });
  }
  if (FOUND.includes(entity.type)) return element('span', { className: 'mention' });
  if (entity.type === 'url')
    return safeLink(/^\w+:\/\//.test(covered) ? covered : `http://${covered}`) ?? element('span');
  if (entity.type === 'email') return safeLink(`mailto:${covered}`) ?? element('span');
  return element(INLINE_TAGS[entity.type] ?? 'span', { title: entity.type === 'date_time' ? covered : '' });
}

function safeLink(address) {
  const url = URL.parse(address ?? '');
  if (url === null || !['http:', 'https:', 'tg:', 'mailto:'].includes(url.protocol)) return undefined;
  return element('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer', title: url.href });
}

function spoiler() {
  const made = element('span', {
    className: 'spoiler',
    tabIndex: 0,
    role: 'button',
    'aria-label': 'Spoiler: show',
  });
  const show = (event) => {
    if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
    made.classList.add('shown');
    made.removeAttribute('aria-label');
  };
  made.addEventListener('click', show);
  made.addEventListener('keydown', show);
  return made;
}

function expandable() {
  const made = element('blockquote', { className: 'expandable', tabIndex: 0, title: 'Show all, or less' });
  const turn = (event) => {
    if (event.type === 'keydown' && event.key !== 'Enter') return;
    made.classList.toggle('expanded');
  };
  made.addEventListener('click', turn);
  made.addEventListener('keydown', turn);
  return made;
}

/** One message: its bubble, and the buttons under it. */
export function messageElement(message, onTap) {
  const isOwn = !message.from.is_bot;
  const { rich_message: rich } = message;
  const text = rich
    ? element('div', { className: 'text rich' }, ...rich.blocks.map(blockElement))
    : element('div', { className: 'text' }, formattedText(message.text, message.entities));
  const time = element(
    'time',
    { dateTime: new Date(message.date * 1000).toISOString(), title: fullTime(message.date) },
    `${message.silent ? '🔕 ' : ''}${message.edit_date ? 'edited ' : ''}${clock(message.date)}`,
  );
  const bubble = element('div', { className: 'bubble' });
  if (message.reply_to_message) {
    bubble.append(element('div', { className: 'reply' }, textOf(message.reply_to_message).slice(0, 120)));
  }
  bubble.append(text, time);
  const article = element(
    'article',
    {
      className: `message ${isOwn ? 'own' : 'theirs'}`,
      'data-testid': 'message',
      'data-message-id': String(message.message_id),
      'data-silent': message.silent ? 'true' : undefined,
      'aria-label': `${message.from.first_name} at ${clock(message.date)}${message.silent ? ', silent' : ''}`,
    },
    bubble,
  );
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (rows.length > 0) article.append(keyboardElement(rows, onTap));
  return article;
}

/** What a message says, in a line. */
export function textOf({ text, rich_message: rich }) {
  return text ?? (rich?.blocks ?? []).map((block) => plainOf(block.text ?? '')).join(' ');
}

function plainOf(text) {
  if (typeof text === 'string') return text;
  return Array.isArray(text) ? text.map(plainOf).join('') : plainOf(text.text ?? text.alternative_text ?? '');
}

/** A block of a rich message. */
function blockElement(block) {
  switch (block.type) {
    case 'table':
      return element('table', {}, ...block.cells.map(rowElement));
    case 'photo':
      return pictureElement(block.photo[0]?.file_id ?? '');
    case 'slideshow':
    case 'collage':
      return element('div', { className: 'pictures' }, ...block.blocks.map(blockElement));
    case 'blockquote':
      return element('blockquote', {}, ...block.blocks.map(blockElement));
    case 'pre':
      return element('pre', {}, richText(block.text));
    case 'divider':
      return element('hr');
    default:
      return element('p', {}, richText(block.text));
  }
}

function rowElement(cells) {
  return element(
    'tr',
    {},
    ...cells.map(({ text = '', align }) => element('td', { 'data-align': align }, richText(text))),
  );
}

/** Its address: the page asks no other server for anything. */
function pictureElement(address) {
  const picture = safeLink(address) ?? element('span');
  picture.className = 'picture';
  picture.append(`🖼 ${address.split('/').at(-1)}`);
  return picture;
}

function richText(text) {
  if (typeof text === 'string') return text;
  if (Array.isArray(text)) return element('span', {}, ...text.map(richText));
  const made =
    text.type === 'spoiler'
      ? spoiler()
      : entityElement({ ...text, type: RICH_TYPES[text.type] ?? text.type }, '');
  made.append(richText(text.text ?? text.alternative_text ?? ''));
  return made;
}

const RICH_TYPES = { url: 'text_link' };

function keyboardElement(rows, onTap) {
  const keyboard = element('div', { className: 'keyboard', role: 'group', 'aria-label': 'Buttons' });
  for (const row of rows) {
    const line = element('div', { className: 'keyboard-row' });
    for (const button of row) line.append(buttonElement(button, onTap));
    keyboard.append(line);
  }
  return keyboard;
}

function buttonElement(button, onTap) {
  if (button.url !== undefined) {
    const link = safeLink(button.url) ?? element('span');
    link.className = 'key link-key';
    if (button.style) link.dataset.style = button.style;
    link.dataset.testid = 'message-button';
    link.append(button.text);
    return link;
  }
  const key = element(
    'button',
    {
      type: 'button',
      className: button.copy_text ? 'key copy-key' : 'key',
      'data-testid': 'message-button',
    },
    button.text,
  );
  if (button.style) key.dataset.style = button.style;
  key.addEventListener('click', () => onTap(button, key));
  return key;
}

export function daySeparator(seconds) {
  return element('div', { className: 'day' }, element('span', { className: 'pill' }, dayName(seconds)));
}

/** Initials on one of seven colours, always the same for the same person. */
export function paintAvatar(avatar, id, name) {
  const initials = name
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '');
  avatar.textContent = initials.join('') || '?';
  avatar.dataset.color = String(Math.abs(id) % 7);
}

export function nameOf(chat, person) {
  if (chat.title !== undefined) return chat.title;
  return [person.first_name, person.last_name].filter(Boolean).join(' ');
}

export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

export function sameDay(one, other) {
  return new Date(one * 1000).toDateString() === new Date(other * 1000).toDateString();
}

function dayName(seconds) {
  const today = Date.now() / 1000;
  if (sameDay(seconds, today)) return 'Today';
  if (sameDay(seconds, today - 86_400)) return 'Yesterday';
  return new Date(seconds * 1000).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
}

function fullTime(seconds) {
  return new Date(seconds * 1000).toLocaleString('en-GB');
}
