import { element } from './view.js';

/** The panel on the right: every sample event with a button to send it, and the answer of the API. */

const TITLES = {
  'order-status': ['Order status', 'Stato ordine'],
  'abandoned-cart': ['Abandoned cart', 'Carrello abbandonato'],
  'message-sent': ['Message sent', 'Invio messaggio'],
  'message-read': ['Message read', 'Lettura messaggio'],
  'activity-status': ['Activity status', 'Cambio stato attività'],
  'activity-viewed': ['Activity viewed', 'Presa visione attività'],
  'activity-reminder': ['Activity reminder', 'Promemoria attività'],
  'file-upload': ['File uploaded', 'Upload file'],
  'file-access': ['File downloaded or viewed', 'Download o presa visione file'],
};

export function startSamples() {
  const list = document.getElementById('sample-list');
  const answer = document.getElementById('answer');
  const keepEventId = document.getElementById('keep-event-id');

  load();

  async function load() {
    try {
      const response = await fetch('/emulator/samples');
      const samples = await response.json();
      if (!response.ok) throw new Error(samples.error);
      const order = Object.keys(TITLES);
      samples.sort((one, other) => order.indexOf(one.event) - order.indexOf(other.event));
      list.replaceChildren(...samples.map(sampleElement));
    } catch (error) {
      list.replaceChildren(element('li', { className: 'form-error' }, `No samples: ${error.message}`));
    }
  }

  function sampleElement({ event, payload }) {
    const [title, italian] = TITLES[event] ?? [event, ''];
    const send = element(
      'button',
      { type: 'button', className: 'sample', 'data-testid': `sample-${event}` },
      element('span', { className: 'sample-title' }, title),
      element('span', { className: 'sample-italian', lang: 'it' }, italian),
      element('span', { className: 'sample-to' }, receivers(payload)),
    );
    send.addEventListener('click', () => report(event, send));
    const details = element(
      'details',
      {},
      element('summary', { 'aria-label': `Payload of ${title}` }, 'payload'),
      element('pre', {}, element('code', {}, JSON.stringify(payload, null, 2))),
    );
    return element('li', {}, send, details);
  }

  async function report(event, button) {
    button.disabled = true;
    const began = performance.now();
    try {
      const response = await fetch(`/emulator/samples/${event}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ keepEventId: keepEventId.checked }),
      });
      const result = await response.json();
      const milliseconds = Math.round(performance.now() - began);
      if (response.ok) showAnswer(event, result.status, result.body, milliseconds);
      else showAnswer(event, 0, result, milliseconds);
    } catch (error) {
      showAnswer(event, 0, { error: error.message }, Math.round(performance.now() - began));
    } finally {
      button.disabled = false;
      button.focus({ preventScroll: true });
    }
  }

  function showAnswer(event, status, body, milliseconds) {
    const isGood = status >= 200 && status < 300;
    const badge = element(
      'span',
      { className: `status ${isGood ? 'good' : 'bad'}` },
      status === 0 ? 'no answer' : String(status),
    );
    const heading = element(
      'h3',
      {},
      badge,
      element('span', {}, TITLES[event]?.[0] ?? event),
      element('span', { className: 'took' }, `${milliseconds} ms`),
    );
    const notifications = Array.isArray(body?.notifications) ? body.notifications : [];
    const outcome = element('ul', { className: 'outcome' }, ...notifications.map(outcomeElement));
    const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
    // The whole answer, for readers who want more than the outcome.
    const json = element(
      'details',
      { open: notifications.length === 0 },
      element('summary', {}, 'whole answer'),
      element('pre', {}, element('code', {}, text)),
    );
    answer.replaceChildren(heading, outcome, json);
    answer.hidden = false;
    answer.scrollTop = 0;
  }
}

function outcomeElement({ userId, status, reason }) {
  return element(
    'li',
    {},
    element('b', {}, String(userId)),
    ` ${status}${reason === undefined ? '' : `: ${reason}`}`,
  );
}

function receivers(payload) {
  const { holder, user, creator, recipients, administrators } = payload;
  const sender = payload.reader === undefined ? undefined : payload.sender;
  // Of a reminder the creator is only named.
  const also = payload.newStatus === undefined ? [] : [creator];
  const people = recipients
    ? [...also, ...recipients]
    : (administrators ?? [holder ?? user ?? sender ?? creator].filter(Boolean));
  return `to ${people.map((person) => person.firstName ?? person.id).join(', ')}`;
}
