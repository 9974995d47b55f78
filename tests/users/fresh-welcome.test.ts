/** The welcome is written with the site as it is, although the function that links has it cached. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { details, template } from '../support/fixtures.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'server' });
});
afterAll(() => app.close());

test('a welcome that was changed a moment ago, through another function, greets with the new text', async () => {
  const { linkChat } = await import('../../lib/users/link-chat.ts');
  const { findSite } = await import('../../lib/store/sites.ts');
  const cached = (await findSite('demo')) ?? demoSite();
  const templates = [template('welcome', 'new', { text: { it: 'Nuovo benvenuto', en: 'New welcome' } })];
  await app.stack.putSite({ ...demoSite(), templates, version: 1 });

  const given = details('dario');
  await linkChat(cached, given, { id: 9001 }, 'deep-link', given.linkId);

  const [welcome] = await app.takeQueued();
  expect(welcome?.text).toMatch(/^Nuovo benvenuto\n/);
});
