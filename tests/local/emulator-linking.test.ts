/** The emulator's page, as far as linking needs it: links are opened, commands stand in the person's language. */
import { describe, expect, test } from '@jest/globals';
import { call, request, start } from './emulator-helpers.ts';

describe('the list of bots', () => {
  test('has the commands of each language', async () => {
    const emulator = await start();
    const commands = (command: string) => [{ command, description: command }];
    await call(emulator, 'setMyCommands', { commands: commands('help') });
    await call(emulator, 'setMyCommands', { commands: commands('aiuto'), language_code: 'it' });
    await call(emulator, 'setMyCommands', {
      commands: commands('gruppo'),
      language_code: 'it',
      scope: { type: 'all_group_chats' },
    });
    const { body } = await request(`${emulator.url}/emulator/bots`);
    expect(body).toMatchObject([
      {
        username: 'demo_shop_bot',
        commands: commands('help'),
        commandsByLanguage: { it: commands('aiuto') },
      },
      { username: 'nuovo_bot', commands: [], commandsByLanguage: {} },
      { username: 'passweb_manager_bot', can_manage_bots: true },
    ]);
  });
});

describe('a link to a bot', () => {
  test.each([
    ['https://t.me/demo_shop_bot?start=tok_1-A', { bot: 'demo_shop_bot', payload: 'tok_1-A' }],
    [' t.me/demo_shop_bot?start=x ', { bot: 'demo_shop_bot', payload: 'x' }],
    ['https://t.me/demo_shop_bot', { bot: 'demo_shop_bot', payload: '' }],
    ['https://t.me.example/demo_shop_bot?start=x', undefined],
    ['https://shop.example/demo_shop_bot?start=x', undefined],
    ['/start x', undefined],
    ['tok_1-A', undefined],
    ['', undefined],
  ])('%s', async (text, expected) => {
    const { startIn } = (await import(
      new URL('../../local/emulator/page/start-link.js', import.meta.url).href
    )) as {
      startIn(text: string): unknown;
    };
    expect(startIn(text)).toEqual(expected);
  });
});
