/** Which secrets of a webhook are let in, whatever happens to the calls that change them. */
import { expect, test } from '@jest/globals';
import {
  otherSecrets,
  type WebhookSecrets,
  withNewSecret,
  withSeen,
} from '../../lib/store/webhook-secrets.ts';

const letIn = (secrets: WebhookSecrets) => [secrets.webhookSecretHash, ...otherSecrets(secrets)];

test('the former secret holds until the new one is first seen', () => {
  const first = withNewSecret(undefined, 'a');
  expect(letIn(first)).toEqual(['a']);
  const second = withNewSecret(first, 'b');
  expect(letIn(second)).toEqual(['b', 'a']);
  expect(letIn(withSeen(second, 'a'))).toEqual(['b', 'a']);
  expect(withSeen(second, 'b')).toEqual({ webhookSecretHash: 'b' });
});

test('of several new ones nobody knows which Telegram has: what is older than the one that is seen is refused', () => {
  const secrets = ['a', 'b', 'c', 'd'].reduce<WebhookSecrets>(withNewSecret, {});
  expect(letIn(secrets).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  const seen = withSeen(secrets, 'b');
  expect(letIn(seen).toSorted()).toEqual(['b', 'c', 'd']);
  expect(letIn(withSeen(seen, 'd'))).toEqual(['d']);
  // Telegram uses "b": so it is kept however often a later one is made.
  const later = ['e', 'f', 'g', 'h', 'i', 'j'].reduce<WebhookSecrets>(withNewSecret, seen);
  expect(letIn(later)).toContain('b');
  expect(letIn(later).length).toBeLessThanOrEqual(6);
});

test('a secret that is none of them changes nothing', () => {
  const secrets = withNewSecret({ webhookSecretHash: 'a' }, 'b');
  expect(withSeen(secrets, 'x')).toEqual(secrets);
  expect(withSeen({}, 'x')).toEqual({});
});
