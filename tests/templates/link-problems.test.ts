/** Links that Telegram would drop, or lead elsewhere ("Text, as Telegram treats it"): refused, with what to write instead. */
import { describe, expect, test } from '@jest/globals';
import { validateText } from '../support/english.ts';

const link = (address: string) => `è <a href="${address}">qui</a>`;

describe('a link is refused', () => {
  test.each([
    ['tel:+39061234567', /opens no telephone numbers.*Write the number into the text/],
    ['TEL:061234567', /opens no telephone numbers/],
    ['sms:+39061234567', /opens no telephone numbers/],
    ['mailto:info@shop.example', /Write the e-mail address into the text/],
    [
      'Mailto:info@shop.example?subject=Ordine%20{{siglaDocumento}}',
      /Write the e-mail address into the text/,
    ],
    ['/ordini/{{siglaDocumento}}', /is no whole address.*\{\{urlSito\}\}\/ordini/],
    ['ordini/lista', /is no whole address/],
    ['../ordini', /is no whole address/],
    ['./ordini.html', /is no whole address/],
    ['ordini.html?id=1', /is no whole address/],
    ['//shop.example/ordini', /is no whole address/],
    ['#ordini', /is no whole address/],
    ['?id={{siglaDocumento}}', /is no whole address/],
    ['{{nome}}', /"\{\{nome\}\}", which is no whole address/],
    ['{{siglaDocumento}}/{{urlSito}}', /is no whole address/],
    [
      'javascript:alert(1)',
      /can't open a link to "javascript:alert\(1\)": write an address that begins with https/,
    ],
    ['whatsapp://send?phone=39', /can't open a link/],
    ['ftp://shop.example/', /can't open a link/],
    ['file:///C:/listino.pdf', /can't open a link/],
    ['https:shop.example', /can't open a link/],
    ['https://localhost/ordini', /can't open a link/],
    ['https://', /can't open a link/],
    ['', /has no address/],
    ['https://{{siglaDocumento}}.example/x', /has a value in the name of a site/],
    ['https://shop.{{siglaDocumento}}', /has a value in the name of a site/],
    ['shop.example{{siglaDocumento}}/x', /has a value in the name of a site/],
    ['ordini@shop.example', /is no address of the web.*Write an e-mail address into the text/],
    ['https://shop.example@evil.example/', /is no address of the web/],
  ])('to %j', (address, detail) => {
    expect(validateText(link(address), 'order-status')).toEqual([
      { detail: expect.stringMatching(detail), byteOffset: 3 },
    ]);
  });

  test('without href, or with one in capitals', () => {
    for (const text of ['è <a>qui</a>', 'è <a HREF="https://shop.example">qui</a>']) {
      expect(validateText(text, 'welcome')).toEqual([
        { detail: expect.stringMatching(/has no address.*href in small letters/), byteOffset: 3 },
      ]);
    }
  });

  test('in a section too, with its place in the text', () => {
    expect(validateText('{{#nome}}è <a href="tel:1">{{nome}}</a>{{/nome}}', 'welcome')).toMatchObject([
      { byteOffset: 12 },
    ]);
  });
});

test.each([
  'https://shop.example/ordini?a=1&amp;b={{siglaDocumento}}#x',
  'http://shop.example',
  '{{urlSito}}',
  '{{ urlSito }}/ordini/{{siglaDocumento}}',
  '{{urlSito}}?q={{siglaDocumento}}',
  'www.shop.example/ordini',
  'shop.example:8443/ordini',
  'https://shop.example/listino.pdf',
  'tg://resolve?domain=shop_bot',
  'https://t.me/shop_bot',
])('a link to %s can be used', (address) => {
  expect(validateText(link(address), 'order-status')).toEqual([]);
});

test.each([
  'è {{urlSito}}ordini',
  'è <a href="{{urlSito}}{{siglaDocumento}}">qui</a>',
  'è {{urlSito}}{{siglaDocumento}}',
  'è {{urlSito}}.evil.example',
  'è {{urlSito}}@evil.example',
  '{{#nome}}è {{urlSito}}{{/nome}}ordini',
])('the address of the site must end before something else: %s', (text) => {
  expect(validateText(text, 'order-status')).toMatchObject([
    { detail: expect.stringMatching(/After \{\{urlSito\}\} there must be a \//), key: 'urlSito' },
  ]);
});

test.each([
  'è www.{{siglaDocumento}}',
  'è https://{{siglaDocumento}}',
  'è https://shop.{{siglaDocumento}}/x',
])('no value may be in the host of an address in the text: %s', (text) => {
  expect(validateText(text, 'order-status')).toMatchObject([
    { detail: expect.stringMatching(/has a value in the name of a site/) },
  ]);
});

test.each([
  '{{urlSito}}',
  '{{urlSito}}.',
  '{{urlSito}}, {{urlSito}}: vedi',
  '<b>{{urlSito}}</b> ({{urlSito}})',
  '{{urlSito}}/ordini {{urlSito}}?q={{siglaDocumento}}',
  '{{#nome}}{{urlSito}}{{/nome}}',
  '{{urlSito}} - {{siglaDocumento}}',
])('the address of the site may stand as in %s', (text) => {
  expect(validateText(text, 'order-status')).toEqual([]);
});

test('the address may be the text of the link', () => {
  expect(validateText('<a>https://shop.example</a>', 'welcome')).toEqual([]);
});
