/** How the chaos with everything on is judged, against calls and chats made by hand. */
import { expect, test } from '@jest/globals';
import { type AllAssessment, assessAll, kindOf, withAll } from '../../bench/chaos-all.ts';
import { type Call, FIRST_CHAT } from '../../bench/world.ts';

const GOOD: AllAssessment = {
  lost: 0,
  statusesBack: 0,
  statusesLeft: 0,
  cartsLeft: 0,
  loud: 0,
  uncounted: 0,
};
const CARD = 0;
const CART = 1;

function call(user: number, turn: number | undefined, more: Partial<Call> = {}): Call {
  const text =
    turn === undefined ? {} : { text: `crowd ${user} ${turn}\n<a href="https://api.example/c/0">` };
  const params = { chat_id: FIRST_CHAT + user, ...text, disable_notification: true };
  return { time: '2026-01-01T00:00:00.000Z', method: 'sendMessage', status: 200, params, ...more };
}

const EDIT = { method: 'editMessageText' };
const DELETION = { method: 'deleteMessage' };

/** @param present the turns that are in the chat at the end. */
function judge(user: number, calls: Call[], present: number[]): AllAssessment {
  const names = [0, 1, 2, 3].map((turn) => `crowd ${user} ${turn}`);
  const chats = new Map([[FIRST_CHAT + user, present.map((turn) => `crowd ${user} ${turn}`)]]);
  return assessAll(calls, names, chats, ({ status }) => status === 200);
}

test('an order’s one message shows the last status, and never an older one after a newer one', () => {
  expect(kindOf(CARD)).toBe('card');
  const edits = [1, 2, 3].map((turn) => call(CARD, turn, EDIT));
  expect(judge(CARD, [call(CARD, 0), ...edits], [3])).toEqual(GOOD);
  expect(judge(CARD, [call(CARD, 0), ...edits], [2])).toEqual({ ...GOOD, lost: 1, statusesLeft: 1 });
  const back = [call(CARD, 0), ...edits, call(CARD, 1, EDIT), call(CARD, 3, EDIT)];
  expect(judge(CARD, back, [3])).toEqual({ ...GOOD, statusesBack: 1 });
});

test('an older status may be left where it was doubled, or could not be deleted', () => {
  const sent = [0, 1, 2, 3].map((turn) => call(CARD, turn));
  expect(judge(CARD, sent, [0, 3])).toEqual({ ...GOOD, statusesLeft: 1 });
  expect(judge(CARD, [call(CARD, 0), ...sent], [0, 3])).toEqual(GOOD);
  expect(judge(CARD, [...sent, call(CARD, undefined, { ...DELETION, status: 500 })], [0, 3])).toEqual(GOOD);
  expect(judge(CARD, [...sent, call(CARD, undefined, DELETION)], [0, 3])).toEqual({
    ...GOOD,
    statusesLeft: 1,
  });
});

test('of an ordered cart only the order is left, and what was doubled', () => {
  expect(kindOf(CART)).toBe('cart');
  const sent = [0, 1, 2, 3].map((turn) => call(CART, turn));
  expect(judge(CART, sent, [3])).toEqual(GOOD);
  expect(judge(CART, sent, [1, 3])).toEqual({ ...GOOD, cartsLeft: 1 });
  expect(judge(CART, [call(CART, 1), ...sent], [1, 3])).toEqual(GOOD);
  expect(judge(CART, [call(CART, 1), ...sent], [1, 1, 3])).toEqual({ ...GOOD, cartsLeft: 1 });
  expect(judge(CART, sent, [])).toEqual({ ...GOOD, lost: 1 });
});

test('a message that rings, and a link that is not counted', () => {
  const params = { chat_id: FIRST_CHAT + CART, text: `crowd ${CART} 3\n<a href="https://shop.example/3">` };
  expect(judge(CART, [call(CART, 3, { params })], [3])).toEqual({ ...GOOD, loud: 1, uncounted: 1 });
});

test('the messages of a cart are taken back right before the order', async () => {
  const notification = (turn: number) => ({
    ...{ deliveryId: `d${turn}`, siteId: 'crowd', userId: `user-${CART}`, event: 'order-status' },
    ...{ eventId: `turn-${turn}`, templateId: 'bench', text: `crowd ${CART} ${turn}` },
    acceptedAt: '2026-01-01T00:00:00.000Z',
  });
  expect(await withAll(notification(2), CART, 2)).toEqual([expect.objectContaining({ step: 3 })]);
  expect(await withAll(notification(3), CART, 3)).toEqual([
    expect.objectContaining({ takesBack: expect.objectContaining({ deliveryIds: expect.any(Array) }) }),
    expect.objectContaining({ deliveryId: 'd3' }),
  ]);
});
